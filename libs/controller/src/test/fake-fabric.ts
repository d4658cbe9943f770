import type { Fabric, FabricEvent, PastSteering, PreparedRun, RunRequest } from '@squall/fabric'
import type { Clock } from '@squall/time'
import { demoSnapshot, type DemoCall } from './demo-snapshot.ts'

type Control = Parameters<PreparedRun['control']>[0]

/** A fabric without processes: the test says what its shards do. */
export interface FakeFabric extends Fabric {
  readonly requests: readonly RunRequest[]
  readonly stops: readonly number[]
  readonly controls: readonly Control[]
  readonly isClosed: boolean
  /** Sends a snapshot of a shard. */
  send(second: number, calls: readonly DemoCall[], shard?: number): void
  emit(event: FabricEvent): void
  /** What the shards say comes late from now on. @returns what ends that. */
  fallBehind(): () => void
  /** All shards have finished, after as many snapshots as they sent. */
  finish(): void
}

export interface FakeFabricOptions {
  /** Instead of a run. */
  readonly failure?: Error
  readonly takenOver?: TakenOver
  /** Who makes the load, where others do. */
  readonly agents?: NonNullable<PreparedRun['agents']>
}

/** A run that began under another controller. */
export interface TakenOver {
  readonly startedMsAgo: number
  readonly past: PastSteering
}

export function createFakeFabric(clock: Clock, { failure, takenOver, agents }: FakeFabricOptions = {}): FakeFabric {
  const requests: RunRequest[] = []
  const stops: number[] = []
  const controls: Control[] = []
  const sent = new Map<number, number>()
  const ended = Promise.withResolvers<void>()
  let isClosed = false
  let behind = Promise.resolve()
  const emit = (event: FabricEvent): void => requests[0]?.onEvent(event)
  const run: PreparedRun = {
    start: () => clock.wallMs() - (takenOver?.startedMsAgo ?? -100),
    ...(takenOver && { past: takenOver.past }),
    ...(agents && { agents }),
    control: (control) => void controls.push(control),
    stop: (drainMs) => void stops.push(drainMs),
    ended: ended.promise,
    caughtUp: () => behind,
    close: async () => void (isClosed = true),
  }
  return {
    name: 'local',
    requests,
    stops,
    controls,
    get isClosed() {
      return isClosed
    },
    prepare: async (request) => {
      if (failure) throw failure
      requests.push(request)
      return run
    },
    emit,
    fallBehind: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      behind = promise
      return resolve
    },
    send: (second, calls, shard = 0) => {
      const sequence = sent.get(shard) ?? 0
      sent.set(shard, sequence + 1)
      emit({ type: 'snapshot', shard, epoch: 1, sequence, snapshot: demoSnapshot(second, calls) })
    },
    finish: () => {
      for (let shard = 0; shard < (requests[0]?.shards ?? 0); shard++)
        emit({ type: 'shard-finished', shard, epoch: 1, snapshots: sent.get(shard) ?? 0 })
      ended.resolve()
    },
  }
}
