import { CodedError } from '@squall/errors'
import type { Assignment, GeneratorEvent } from '@squall/load-protocol'
import type { Clock } from '@squall/time'
import { fabricErrors } from './errors.ts'
import type { FabricEvent } from './fabric.ts'
import type { ChildGenerator } from './child-generator.ts'

/** What one generator process has to tell after its start. */
export type ShardEvent = Exclude<FabricEvent, { type: 'shard-interrupted' | 'shard-late' }>

/** One shard in one generator process, from hello to its end. */
export interface ShardRun {
  /** Resolves when the generator has prepared its share. */
  readonly ready: Promise<void>
  /** Resolves when the shard has finished or is lost, after its last event. */
  readonly ended: Promise<void>
  readonly generator: ChildGenerator
  /** @param byMs on the monotonic clock: when it has not ended by then, it is killed and lost. */
  endBy(byMs: number): void
  /** Waits until the process is gone; kills it if it still runs after `graceMs`. */
  close(graceMs: number): Promise<void>
}

/** Gives a generator that was just started its share, and reports what becomes of it. */
export function startShard(
  generator: ChildGenerator,
  assignment: Assignment,
  clock: Clock,
  onEvent: (event: ShardEvent) => void,
): ShardRun {
  const ready = prepare(generator, assignment)
  let isOverdue = false
  // A generator that was never ready was never part of the run; `ready` tells why.
  const ended = ready.then(
    () => watch(generator, assignment, () => isOverdue, onEvent),
    () => undefined,
  )
  return {
    ready,
    ended,
    generator,
    endBy: (byMs) => {
      const timer = clock.at(byMs, () => {
        isOverdue = true
        generator.kill()
      })
      void ended.then(() => timer.cancel())
    },
    close: async (graceMs) => {
      const timer = clock.at(clock.monotonicMs() + graceMs, () => generator.kill())
      await generator.exited
      timer.cancel()
    },
  }
}

async function prepare(generator: ChildGenerator, assignment: Assignment): Promise<void> {
  await expectEvent(generator, 'hello')
  generator.send({ type: 'prepare', ...assignment })
  await expectEvent(generator, 'ready')
}

async function expectEvent(generator: ChildGenerator, type: GeneratorEvent['type']): Promise<void> {
  const event = await generator.nextEvent()
  if (event === undefined)
    throw new CodedError(fabricErrors.FABRIC_GENERATOR_DID_NOT_START, {
      message: `a generator did not start: ${await generator.exited}`,
    })
  if (event.type === 'failed')
    throw new CodedError(
      { ...fabricErrors.FABRIC_GENERATOR_REFUSED, ...event, summary: event.message },
      { message: event.message },
    )
  if (event.type !== type) throw new Error(`a generator sent ${event.type} where ${type} was due`)
}

async function watch(
  generator: ChildGenerator,
  { share: { index: shard }, epoch }: Assignment,
  isOverdue: () => boolean,
  onEvent: (event: ShardEvent) => void,
): Promise<void> {
  try {
    const snapshots = await passSnapshots(generator, onEvent)
    onEvent({ type: 'shard-finished', shard, epoch, snapshots })
  } catch (error) {
    generator.kill()
    onEvent({ type: 'shard-lost', shard, epoch, cause: isOverdue() ? 'did not end in time' : (error as Error).message })
  }
}

/**
 * @returns how many snapshots the generator says it sent.
 * @throws Error where the generator dies, fails, or cannot be understood.
 */
async function passSnapshots(generator: ChildGenerator, onEvent: (event: ShardEvent) => void): Promise<number> {
  for (;;) {
    const event = await generator.nextEvent()
    if (event === undefined) throw new Error(`generator ${await generator.exited}`)
    if (event.type === 'failed') throw new Error(event.message)
    if (event.type === 'finished') return event.snapshots
    if (event.type === 'snapshot' || event.type === 'samples') onEvent(event)
  }
}
