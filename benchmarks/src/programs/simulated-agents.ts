// Plays all agents of a fleet: `node simulated-agents.ts JSON`.
import { simulateAgents } from '@squall/fabric'
import { GeneratorRecorder, LatencyHistogram, type Snapshot } from '@squall/metrics'
import { seededRandom } from '@squall/time'
import { quantile, simulatedVersion, type AgentsOutcome, type SimulatedFleet } from '../many-machines.ts'

const callsPerSecond = 1_000
const tools = 50
/** So many different seconds are made before there is a run, and then said again and again. */
const variety = 20

// Written by our own program.
const { url, agents } = JSON.parse(process.argv[2] ?? '') as SimulatedFleet
const seconds = Array.from({ length: variety }, (_, seed) => busySecond(seed))
const lateMs: number[] = []
await simulateAgents({
  url,
  agents,
  squallVersion: simulatedVersion,
  snapshotOf: (shard, second) => ({ ...(seconds[(shard + second) % variety] ?? busySecond(0)), second }),
  onSent: (late) => lateMs.push(late),
})
lateMs.sort((a, b) => a - b)
const outcome: AgentsOutcome = {
  sent: lateMs.length,
  calls: lateMs.length * callsPerSecond,
  lateMs: { p50: quantile(lateMs, 0.5), p99: quantile(lateMs, 0.99) },
}
console.log(JSON.stringify(outcome))
process.exit()

function busySecond(seed: number): Snapshot {
  const recorder = new GeneratorRecorder()
  const random = seededRandom(1, seed)
  for (let call = 0; call < callsPerSecond; call++) {
    const tool = `tool_number_${call % tools}`
    const key = { method: 'tools/call', tool, clientKind: 'claude_desktop', transport: 'streamable-http', phase: 'ramp' }
    const ms = 5 / (0.01 + random.next())
    recorder.series(key).record(ms, ms * 1.1, call % 20 === 0 ? 'http.500' : undefined)
  }
  const eventLoopDelay = new LatencyHistogram().encode()
  return recorder.takeSnapshot(0, { cpuMs: 100, wallMs: 1_000, rssBytes: 1e8, eventLoopUtilization: 0.1, eventLoopDelay })
}
