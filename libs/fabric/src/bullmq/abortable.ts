/** Commands wait for a Redis that is away; whoever waits for one waits no longer than for the word to stop. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  // The reason is whatever the aborter chose, an Error by convention.
  const giveUp = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
