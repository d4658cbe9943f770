/** What happened since the program started; compared before and after, they show what was left behind. */
export interface Counters {
  /** Requests of clients, those of the admin API aside. */
  requests: number
  sessionsOpened: number
  sessionsEnded: number
  signInsRefused: number
  statementsStarted: number
  statementsSucceeded: number
  statementsFailed: number
  statementsCancelled: number
}

export function createCounters(): Counters {
  return {
    requests: 0,
    sessionsOpened: 0,
    sessionsEnded: 0,
    signInsRefused: 0,
    statementsStarted: 0,
    statementsSucceeded: 0,
    statementsFailed: 0,
    statementsCancelled: 0,
  }
}
