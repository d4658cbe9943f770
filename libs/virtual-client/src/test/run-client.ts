import type { LoadPlan } from '@squall/load-plan'
import { systemClock } from '@squall/time'
import { neverEnding } from '../end-signals.ts'
import type { ClientHost } from '../client-host.ts'
import { createClientFactories } from '../client-factories.ts'
import { MemoryRecorder } from './memory-recorder.ts'

export interface RunOptions {
  readonly iterations?: number
  readonly host?: Partial<ClientHost>
  readonly index?: number
}

/** Lets one client of the plan's first scenario open, walk its flow and leave; returns what it recorded. */
export async function runClient(
  plan: LoadPlan,
  { iterations = 1, host = {}, index = 0 }: RunOptions = {},
): Promise<MemoryRecorder> {
  const recorder = new MemoryRecorder()
  const [factory] = createClientFactories(plan, { clock: systemClock, recorder, seed: plan.seed, ...host })
  if (!factory) throw new Error('the plan has no scenario')
  const client = factory.create(index)
  if (await client.open(neverEnding)) {
    for (let left = iterations; left > 0; left--) await client.iterate(systemClock.monotonicMs(), neverEnding)
  }
  await client.close()
  return recorder
}
