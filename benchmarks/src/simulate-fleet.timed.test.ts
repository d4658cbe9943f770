import { expect, test } from 'vitest'
import { simulateFleet } from './simulate-fleet.ts'

test('of what a hundred simulated agents send, a controller that was killed and resumed has merged all, each once [D4]', async () => {
  const { agents, ended } = await simulateFleet({ agents: 100, seconds: 3, killAfterMs: 1_200, outageMs: 500 })
  expect(agents).toMatchObject({ sent: 300, calls: 300_000 })
  expect(ended).toMatchObject({ merged: 300, calls: 300_000, lostSnapshots: 0, lostShardSeconds: 0, verdict: 'pass' })
}, 30_000)
