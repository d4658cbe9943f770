// What it costs a generator to belong to a fleet: the same load through the fabric `local`, and through `bullmq` with a Redis and one agent on this machine.
import { RedisServer } from '@squall/testing'
import { runComparisons } from './comparison.ts'
import { cores, pin } from './cores.ts'
import { cpuSecondsOf, descendantOf } from './process-table.ts'
import type { Contender, Figures } from './rounds.ts'
import { runSquall, type Summary } from './run-squall.ts'
import { readSettings } from './settings.ts'
import { startAgent } from './squall-agent.ts'
import { startsOnKeptSockets } from './squall-pack.ts'
import { withTargets } from './targets.ts'

const startsPerSecond = 2_000
const clients = 400
const warmUpSeconds = 3
const cpu = 'µs of generator CPU per call'
const agentCores = "cores of the agent's own process"

const settings = readSettings({ rounds: 7, measuredSeconds: 10 })
const pack = startsOnKeptSockets({ startsPerSecond, clients, warmUpSeconds, measuredSeconds: settings.measuredSeconds })
await using redis = await RedisServer.start()
pin(descendantOf(process.pid, `:${redis.port}`) ?? 0, cores.target)
await using agent = await startAgent({ fabric: redis.url })

await withTargets(({ url }) => {
  const contenders: Contender[] = [
    { name: 'bullmq', measure: async () => throughBullmq(url) },
    { name: 'local', measure: async () => toFigures(await runSquall(pack, url), 0) },
  ]
  const goals = [{ candidate: 'bullmq', base: 'local', figure: cpu, atMost: 1.1 }]
  const figures = [
    { figure: cpu, digits: 1, ratios: true },
    { figure: agentCores, digits: 3 },
    { figure: 'calls per second', digits: 0 },
  ]
  return runComparisons([{ name: 'fabric', contenders, figures, goals }], settings, clients)
})

async function throughBullmq(url: string): Promise<Figures> {
  const [cpuBefore, msBefore] = [cpuSecondsOf(agent.pid), performance.now()]
  const summary = await runSquall(pack, url, { options: ['--fabric', redis.url] })
  // Of the whole run: preparing and the warm-up are in it.
  return toFigures(summary, ((cpuSecondsOf(agent.pid) - cpuBefore) * 1000) / (performance.now() - msBefore))
}

function toFigures({ totals, generator, rate }: Summary, coresOfAgent: number): Figures {
  return {
    [cpu]: (generator.cpuSeconds * 1e6) / totals.calls,
    [agentCores]: coresOfAgent,
    'calls per second': rate.callsPerSecond,
  }
}
