/** What waits for nothing outside the program must let sockets, timers and signals have their turn: promises alone never do. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
