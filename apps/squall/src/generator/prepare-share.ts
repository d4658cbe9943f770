import type { PreparedShare } from '@squall/fabric'
import type { Assignment } from '@squall/load-protocol'
import { GeneratorRecorder } from '@squall/metrics'
import { GeneratorHealthMonitor, startSwarm, type Swarm } from '@squall/swarm'
import { HeapClock, seededRandom, systemClock, type Clock } from '@squall/time'
import { createClientFactories, FailureSamples } from '@squall/virtual-client'
import { markedPlan } from './marked-plan.ts'
import { everySecond } from './every-second.ts'

/** Compiles the plan's scenarios, so that nothing is left to do at T0 but to make load. */
export function prepareShare(assignment: Assignment, beneath: Clock = systemClock): PreparedShare {
  const { share } = assignment
  const plan = markedPlan(assignment)
  const clock = new HeapClock(beneath)
  const recorder = new GeneratorRecorder()
  const samples = new FailureSamples()
  let swarm: Swarm | undefined
  const host = { clock, recorder, samples, seed: plan.seed, phaseAt: (atMs: number) => swarm?.phaseAt(atMs) ?? '' }
  const factories = createClientFactories(plan, host)
  const random = seededRandom(plan.seed, share.index)
  return {
    run: async ({ startAtMs, fromMs, pausedMs }, send, show) => {
      const health = new GeneratorHealthMonitor(clock)
      // What was a pause to others is, to a share that was taken over after it, a later start.
      swarm = startSwarm({ plan, share, factories, clock, random, recorder, startAtMs: startAtMs + pausedMs, fromMs })
      const firstSecond = Math.floor((fromMs + pausedMs) / 1000)
      const seconds = everySecond(clock, { startAtMs, firstSecond }, (second) => {
        send(recorder.takeSnapshot(second, health.take()))
        const failed = samples.take()
        if (failed.length > 0) show(failed)
      })
      try {
        await swarm.finished
      } finally {
        health.stop()
        seconds.finish()
      }
    },
    pause: (atMs) => swarm?.pause(atMs),
    resume: (atMs) => swarm?.resume(atMs),
    change: (change) => swarm?.change(change),
    // `run` waits for the end.
    stop: (drainMs, leavingMs) => void swarm?.stop(drainMs, leavingMs).catch(() => undefined),
  }
}
