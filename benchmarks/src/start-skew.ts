// How far apart agents begin whose clocks are ten seconds wrong: the first request of each, as the target sees them.
import { RedisServer, ScriptedServer } from '@squall/testing'
import { renderJudgements } from './comparison.ts'
import { bindNothing } from './cores.ts'
import { startSkewMs } from './first-requests.ts'
import { judge } from './goals.ts'
import { loadAverage, renderNumber, renderSpread, renderTable } from './markdown.ts'
import { quantile } from './many-machines.ts'
import { runSquall } from './run-squall.ts'
import { saveOutcomes } from './saved-outcomes.ts'
import { readSettings } from './settings.ts'
import { startAgent } from './squall-agent.ts'
import { callEcho, toPack } from './squall-pack.ts'

const offsetsMs = [10_000, -10_000, 10_000, -10_000]
const wrongClock = new URL('../../apps/squall/src/test/wrong-clock.ts', import.meta.url)
const skew = 'ms between the first and the last agent'
/** A client for each agent, all due at T0. */
const pack = toPack({
  clients: offsetsMs.length,
  spawnRatePerSecond: 100_000,
  warmUpSeconds: 0,
  measuredSeconds: 1,
  flow: [callEcho, { pace: '100ms' }],
})

const { rounds, save } = readSettings({ rounds: 20, measuredSeconds: 1 })
bindNothing()
const loadBefore = loadAverage()
await using target = await ScriptedServer.start()
await using redis = await RedisServer.start()
await using agents = new AsyncDisposableStack()
for (const offsetMs of offsetsMs) agents.use(await startAgent({ fabric: redis.url, env: clockWrongBy(offsetMs) }))
const measured = [{ name: 'agents', figures: new Array<Record<string, number>>() }]
for (let round = 1; round <= rounds; round++) {
  const ms = await skewMs()
  process.stderr.write(`start ${round}: ${ms.toFixed(1)} ms\n`)
  measured[0]?.figures.push({ [skew]: ms })
}
const skews = (measured[0]?.figures ?? []).map((figures) => figures[skew] ?? Number.NaN).toSorted((a, b) => a - b)
const judgements = [
  ...judge([{ candidate: 'agents', figure: skew, atMost: 20 }], measured),
  ...judge(
    [{ candidate: 'agents', figure: 'worst', atMost: 100 }],
    [{ name: 'agents', figures: [{ worst: skews.at(-1) ?? Number.NaN }] }],
  ),
]
console.log(`\n## Start of ${offsetsMs.length} agents, clocks wrong by ${offsetsMs.map((ms) => ms / 1000).join(', ')} s\n`)
console.log(
  renderTable(
    ['starts', 'median (least to most)', 'p90', 'all'],
    [
      [
        String(rounds),
        renderSpread(skews, 1),
        renderNumber(quantile(skews, 0.9), 1),
        skews.map((ms) => renderNumber(ms, 0)).join(' '),
      ],
    ],
  ),
)
console.log(`\n${renderJudgements(judgements)}`)
console.log(`\nload average ${loadBefore.toFixed(1)} before, ${loadAverage().toFixed(1)} after`)
if (save !== undefined) saveOutcomes(save, [{ name: 'start skew', measured, judgements }])

function clockWrongBy(offsetMs: number): Record<string, string> {
  const { NODE_OPTIONS = '' } = process.env
  return {
    SQUALL_MARK_REQUESTS: '1',
    SQUALL_TEST_CLOCK_OFFSET_MS: String(offsetMs),
    NODE_OPTIONS: `${NODE_OPTIONS} --import=${wrongClock.href}`,
  }
}

/** Of one run of a second. */
async function skewMs(): Promise<number> {
  const before = target.seen.length
  await runSquall(pack, target.url, { options: ['--fabric', redis.url, '--agents', String(offsetsMs.length)] })
  return startSkewMs(target.seen.slice(before), offsetsMs.length)
}
