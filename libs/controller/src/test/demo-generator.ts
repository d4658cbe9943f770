// A generator without a network for the tests of the controller: in every second of the plan its share "calls" ten times.
import { runGenerator, type PreparedShare } from '@squall/fabric'
import { planDurationMs } from '@squall/load-plan'
import type { Assignment } from '@squall/load-protocol'
import { sleep, systemClock } from '@squall/time'
import { demoSnapshot, many } from './demo-snapshot.ts'

const stopping = new AbortController()
process.on('disconnect', () => process.exit())
await runGenerator({ clock: systemClock, prepare, stopping: stopping.signal })
process.exit()

async function prepare({ plan, share }: Assignment): Promise<PreparedShare> {
  const stopped = new AbortController()
  return {
    pause: () => undefined,
    resume: () => undefined,
    change: () => undefined,
    stop: () => stopped.abort(),
    run: async ({ startAtMs }, send) => {
      for (let second = 0; second * 1000 < planDurationMs(plan) && !stopped.signal.aborted; second++) {
        const endMs = startAtMs + (second + 1) * 1000
        await sleep(systemClock, endMs - systemClock.monotonicMs(), stopped.signal).catch(() => undefined)
        // The plan may name a shard that dies by itself.
        if (plan.variables['crash'] === share.index && second === 1) process.kill(process.pid, 'SIGKILL')
        send(demoSnapshot(second, many(10)))
      }
    },
  }
}
