// Drives a run of simulated agents by the real controller: `node simulated-controller.ts JSON`.
import { runLoad } from '@squall/controller'
import { openBullmqFabric, type Fabric } from '@squall/fabric'
import type { LoadPlan } from '@squall/load-plan'
import { systemClock } from '@squall/time'
import { simulatedVersion, type ControllerWord, type MergedSnapshot, type SimulatedController } from '../many-machines.ts'

// Written by our own program.
const { url, agents, seconds, reportDirectory, resume } = JSON.parse(process.argv[2] ?? '') as SimulatedController
const plan: LoadPlan = {
  version: 1,
  name: 'simulated',
  target: 'http://127.0.0.1:1/mcp',
  seed: 1,
  model: { type: 'closed', clients: agents, spawnRatePerSecond: agents, durationMs: seconds * 1000 },
  scenarios: [],
  payloads: [],
  variables: {},
  requestTimeoutMs: 60_000,
  maxLagMs: 1_000,
  warmUpMs: 0,
  thresholds: ['failed<10%'],
}
const say = (word: ControllerWord): void => void process.stdout.write(`${JSON.stringify(word)}\n`)

let startAtWallMs = Number.NaN
let snapshots: MergedSnapshot[] = []
let merged = 0
const telling = setInterval(() => {
  say({ type: 'merged', atWallMs: Date.now(), snapshots })
  snapshots = []
}, 1000)
const fabric = await openBullmqFabric({ url, squallVersion: simulatedVersion, leastAgents: agents, agentPatienceMs: 60_000 })
const { summary } = await runLoad({
  plan,
  workers: agents,
  fabric: tellingStart(fabric),
  clock: systemClock,
  probe: async () => ({ type: 'mcp' }),
  reportDirectory,
  squallVersion: simulatedVersion,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onRunId: (runId) => say({ type: 'began', runId, startAtWallMs }),
  onSnapshot: (shard, { second }) => {
    merged++
    snapshots.push([shard, second, Math.round(Date.now() - startAtWallMs) - (second + 1) * 1000])
  },
  ...(resume !== undefined && { resume }),
})
clearInterval(telling)
say({ type: 'merged', atWallMs: Date.now(), snapshots })
const { totals, loss, verdict } = summary
say({
  type: 'ended',
  merged,
  calls: totals.calls,
  lostSnapshots: loss.snapshots,
  lostShardSeconds: loss.shardSeconds,
  verdict,
})
await fabric.close()

function tellingStart(real: Fabric): Fabric {
  return {
    name: real.name,
    prepare: async (request) => {
      const run = await real.prepare(request)
      const start = run.start.bind(run)
      run.start = () => (startAtWallMs = start())
      return run
    },
  }
}
