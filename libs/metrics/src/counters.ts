import type { CounterName } from './recorder.ts'

export type Counters = Record<CounterName, number>

export const noCounters = (): Counters => ({
  clientsStarted: 0,
  clientsFinished: 0,
  droppedStarts: 0,
  sessionsOpened: 0,
  bytesSent: 0,
  bytesReceived: 0,
  strayReplies: 0,
})

/** Counters of lives rather than of load: a warm-up that starts all clients must not make them vanish from the report. */
export const lifeCycleCounters: ReadonlySet<CounterName> = new Set(['clientsStarted', 'clientsFinished', 'sessionsOpened'])

// Object.keys forgets the names; they are those of the record by construction.
export const counterNames = Object.keys(noCounters()) as readonly CounterName[]
