import type { Fabric, FabricEvent, PreparedRun } from '@squall/fabric'
import type { Clock } from '@squall/time'
import { planDurationMs, type LoadPlan } from '@squall/load-plan'
import { demoSnapshot, type DemoCall } from './demo-snapshot.ts'

/** A fabric whose one shard sends, second by second on the clock, what a simulation says its clients saw. */
export function createSimulatedFabric(
  clock: Clock,
  simulate: (plan: LoadPlan, seconds: number) => readonly (readonly DemoCall[])[],
): Fabric {
  return {
    name: 'local',
    prepare: async ({ plan, onEvent }) => simulatedRun(clock, onEvent, simulate(plan, planDurationMs(plan) / 1000)),
  }
}

function simulatedRun(
  clock: Clock,
  onEvent: (event: FabricEvent) => void,
  seconds: readonly (readonly DemoCall[])[],
): PreparedRun {
  const ended = Promise.withResolvers<void>()
  let sent = 0
  let isOver = false
  const finish = (): void => {
    if (isOver) return
    isOver = true
    onEvent({ type: 'shard-finished', shard: 0, epoch: 1, snapshots: sent })
    ended.resolve()
  }
  const sendNext = (): void => {
    const calls = seconds[sent]
    if (isOver) return
    if (calls === undefined) return finish()
    onEvent({ type: 'snapshot', shard: 0, epoch: 1, sequence: sent, snapshot: demoSnapshot(sent, calls) })
    sent += 1
    clock.at(clock.monotonicMs() + 1000, sendNext)
  }
  return {
    start: () => {
      clock.at(clock.monotonicMs() + 1100, sendNext)
      return clock.wallMs() + 100
    },
    control: () => undefined,
    stop: finish,
    ended: ended.promise,
    caughtUp: () => Promise.resolve(),
    close: async () => undefined,
  }
}
