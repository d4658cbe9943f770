import type { Clock } from '@squall/time'
import type { SessionTerm } from './life-cycle.ts'
import { waitUntil } from './wait-until.ts'

/** What is waited for, on which clock; `resumeStream` breaks the push stream and opens it again. */
export interface WaitOfTerm {
  readonly clock: Clock
  readonly dueMs: number
  readonly ending: AbortSignal
  readonly resumeStream: () => void
}

/** Breaks the push stream whenever that is due, until the wait is over. */
export async function waitAndReconnect(term: SessionTerm, { clock, dueMs, ending, resumeStream }: WaitOfTerm): Promise<void> {
  while (!ending.aborted && term.reconnectDueMs < dueMs) {
    await waitUntil(clock, term.reconnectDueMs, ending)
    if (ending.aborted) return
    resumeStream()
    term.reconnected()
  }
  await waitUntil(clock, dueMs, ending)
}
