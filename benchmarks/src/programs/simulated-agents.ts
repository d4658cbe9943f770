// Plays all agents of a fleet: `node simulated-agents.ts JSON`.
import { simulateAgents } from '@squall/fabric'
import { packSnapshotEvent } from '@squall/load-protocol'
import { GeneratorRecorder, LatencyHistogram, type Snapshot } from '@squall/metrics'
import { seededRandom } from '@squall/time'
import { simulatedVersion, type AgentsOutcome, type SimulatedFleet } from '../many-machines.ts'

const callsPerSecond = 1_000
const tools = 50
/** So many different seconds are made before there is a run, and then said again and again. */
const variety = 20
/** What encrypting adds: a mark, a nonce and a tag (AES-256-GCM). */
const sealBytes = 1 + 12 + 16

// Written by our own program.
const { url, agents } = JSON.parse(process.argv[2] ?? '') as SimulatedFleet
const seconds = Array.from({ length: variety }, (_, seed) => busySecond(seed))
const lateMs: number[][] = []
let sent = 0
await simulateAgents({
  url,
  agents,
  squallVersion: simulatedVersion,
  snapshotOf: (shard, second) => ({ ...(seconds[(shard + second) % variety] ?? busySecond(0)), second }),
  onSent: (shard, second, late) => {
    sent++
    const ofSecond = (lateMs[second] ??= Array.from({ length: agents }, () => 0))
    ofSecond[shard] = Math.round(late)
  },
})
const outcome: AgentsOutcome = {
  sent,
  snapshotBytes: Math.max(...seconds.map(bytesOnTheWay)),
  calls: sent * callsPerSecond,
  lateMs,
}
// A pipe takes it piece by piece.
process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit())

function bytesOnTheWay(snapshot: Snapshot): number {
  return sealBytes + packSnapshotEvent({ type: 'snapshot', shard: agents - 1, epoch: 1, sequence: 299, snapshot }).length
}

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
