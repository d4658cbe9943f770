import { expect, test, vi } from 'vitest'
import { pacedPack, startFleet, type Fleet, type MarkedCall } from './test/fleet.ts'

const firstCall = (calls: readonly MarkedCall[], shard: number, epoch: number): number =>
  Math.min(...calls.filter((call) => call.shard === shard && call.epoch === epoch).map(({ atMs }) => atMs))

/** @returns how far apart the first calls of two agents are, in a short run. */
async function startSkewMs(fleet: Fleet): Promise<number> {
  const before = fleet.calls.length
  await fleet.run(pacedPack(1)).ended
  const calls = fleet.calls.slice(before)
  return Math.abs(firstCall(calls, 0, 1) - firstCall(calls, 1, 1))
}

/** A machine that is busy with something else may keep a program from its first call; three times in a row it is the program. */
const mostTries = 3

test('agents whose clocks are ten seconds wrong start within 100 ms, and one that comes late goes on where the run stands [D2]', async () => {
  const fleet = await startFleet()
  const early = await Promise.all([fleet.startAgent({ clockOffsetMs: 10_000 }), fleet.startAgent({ clockOffsetMs: -10_000 })])
  const skews: number[] = []
  do skews.push(await startSkewMs(fleet))
  while (skews.length < mostTries && Math.min(...skews) >= 100)
  expect(Math.min(...skews)).toBeLessThan(100)
  const before = fleet.calls.length
  const run = fleet.run(pacedPack(12))
  await run.said('--resume')
  const late = await fleet.startAgent({ clockOffsetMs: -10_000, workers: 2 })
  await vi.waitUntil(() => fleet.calls.length > before + 120, { timeout: 60_000 })
  for (const agent of early) agent.child.kill('SIGTERM')
  const { summary, stderr } = await run.ended
  const calls = fleet.calls.slice(before)
  const startMs = Math.min(firstCall(calls, 0, 1), firstCall(calls, 1, 1))
  expect(summary?.loss.gaps, stderr).toHaveLength(2)
  for (const { shard, toSecond } of summary?.loss.gaps ?? []) {
    const resumedMs = firstCall(calls, shard, 2) - startMs
    expect(resumedMs, stderr).toBeGreaterThan(toSecond * 1000 - 100)
    expect(resumedMs, stderr).toBeLessThan(toSecond * 1000 + 500)
  }
  late.child.kill('SIGTERM')
  expect((await late.ended).code).toBe(130)
})
