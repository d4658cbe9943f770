import { clientStartMs, indicesOfShare, type ClosedModel, type LoadPlan, type Share } from '@squall/load-plan'
import type { Recorder } from '@squall/metrics'
import type { HeapClock, RandomSource } from '@squall/time'
import { ClosedLife } from './closed-life.ts'
import type { Population } from './population.ts'
import { StartSequence } from './start-sequence.ts'

export interface ClosedLoadOptions {
  readonly plan: LoadPlan
  readonly model: ClosedModel
  readonly share: Share
  readonly schedule: HeapClock
  readonly random: RandomSource
  readonly recorder: Recorder
  readonly population: Population
  readonly startAtMs: number
  readonly fromMs: number
}

/** Starts the clients of a share one after another at the plan's spawn rate; each stays until the run ends. */
export function closedLoad(options: ClosedLoadOptions): StartSequence {
  const { model, share, schedule, recorder, population, startAtMs, fromMs } = options
  const indices = indicesOfShare(share, model.clients)
  return new StartSequence({
    schedule,
    next: () => {
      const { done, value: index } = indices.next()
      return done === true ? undefined : { index, dueMs: startAtMs + Math.max(fromMs, clientStartMs(model, index)) }
    },
    start: ({ index, dueMs }, nowMs) => {
      recorder.scheduleLag(nowMs - dueMs)
      population.start(index, (member) => new ClosedLife(member, options).live())
    },
    // A client that comes too late to live at all is seen in the number of clients.
    miss: () => undefined,
  })
}
