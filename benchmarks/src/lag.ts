// How late the generator is with its own starts at 2,000 starts a second.
import { runComparisons, type Comparison } from './comparison.ts'
import { bindNothing } from './cores.ts'
import type { Figures } from './rounds.ts'
import { runSquall } from './run-squall.ts'
import { readSettings } from './settings.ts'
import { startsOnFreshSockets, startsOnKeptSockets, type StartLoad } from './squall-pack.ts'
import { withTargets } from './targets.ts'

const startsPerSecond = 2_000
const pacedClients = 400
const lag = 'ms of schedule lag, p99'

const settings = readSettings({ rounds: 5, measuredSeconds: 5 })
const load: StartLoad = { startsPerSecond, warmUpSeconds: 2, measuredSeconds: settings.measuredSeconds }

bindNothing()
await withTargets(({ url }) =>
  runComparisons(
    [
      starts('paced clients on kept-alive sockets', url, startsOnKeptSockets({ ...load, clients: pacedClients }), 3),
      starts('arrivals, each on a new socket', `${url}?sessions=1`, startsOnFreshSockets(load), 8),
    ],
    settings,
    pacedClients,
  ),
)

function starts(name: string, url: string, pack: string, mostLagMs: number): Comparison {
  const measure = async (): Promise<Figures> => {
    const { generator, rate, totals } = await runSquall(pack, url)
    return {
      [lag]: generator.scheduleLagP99Ms,
      'calls per second': rate.callsPerSecond,
      'starts dropped': totals.droppedStarts,
      'cores of CPU': generator.cpuSeconds / settings.measuredSeconds,
    }
  }
  return {
    name: `${startsPerSecond} starts a second, ${name}`,
    contenders: [{ name, measure }],
    figures: [
      { figure: lag, digits: 2 },
      { figure: 'calls per second', digits: 0 },
      { figure: 'starts dropped', digits: 0 },
      { figure: 'cores of CPU', digits: 2 },
    ],
    goals: [{ candidate: name, figure: lag, atMost: mostLagMs }],
    warmUpRounds: 0,
  }
}
