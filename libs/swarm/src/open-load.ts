import { createArrivalSchedule, indicesOfShare, type LoadPlan, type OpenModel, type Share } from '@squall/load-plan'
import type { Recorder } from '@squall/metrics'
import type { HeapClock } from '@squall/time'
import type { Member } from './member.ts'
import type { Population } from './population.ts'
import { StartSequence } from './start-sequence.ts'

export interface OpenLoadOptions {
  readonly plan: LoadPlan
  readonly model: OpenModel
  readonly share: Share
  readonly schedule: HeapClock
  readonly recorder: Recorder
  readonly population: Population
  readonly startAtMs: number
  readonly fromMs: number
}

/** Starts a client at each arrival of a share, whatever became of those before: it opens, runs its flow once, and leaves. */
export function openLoad(options: OpenLoadOptions): StartSequence {
  const { plan, model, share, schedule, recorder, population, startAtMs, fromMs } = options
  const arrivals = createArrivalSchedule(model, plan.seed)
  const indices = indicesOfShare(share, arrivals.count, arrivals.firstAtOrAfter(fromMs))
  return new StartSequence({
    schedule,
    next: () => {
      const { done, value: index } = indices.next()
      return done === true ? undefined : { index, dueMs: startAtMs + arrivals.dueMs(index) }
    },
    start: ({ index, dueMs }, nowMs) => {
      if (nowMs - dueMs > plan.maxLagMs) return recorder.count('droppedStarts', 1)
      recorder.scheduleLag(nowMs - dueMs)
      const intendedMs = dueMs + schedule.behindMs
      population.start(index, (member) => visit(member, intendedMs))
    },
    miss: () => recorder.count('droppedStarts', 1),
  })
}

async function visit({ client, endSignals }: Member, intendedMs: number): Promise<void> {
  if (await client.open(endSignals)) await client.iterate(intendedMs, endSignals)
}
