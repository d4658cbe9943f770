import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal } from '@squall/controller'
import { LatencyHistogram } from '@squall/metrics'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { pacedPack, startFleet, type MarkedCall } from './test/fleet.ts'
import { squall, type EndedSquall, type RunningSquall } from './test/run-squall.ts'
import { wholeRun } from './test/whole-run.ts'

const ofShard = (calls: readonly MarkedCall[], shard: number, epoch?: number): number[] =>
  calls.filter((call) => call.shard === shard && (epoch === undefined || call.epoch === epoch)).map(({ atMs }) => atMs)

/** When each generator of a shard sent its first and last call, in order of epochs. */
function spans(calls: readonly MarkedCall[], shard: number): (readonly [number, number])[] {
  const epochs = [...new Set(calls.filter((call) => call.shard === shard).map(({ epoch }) => epoch))].toSorted((a, b) => a - b)
  return epochs.map((epoch) => {
    const times = ofShard(calls, shard, epoch)
    return [Math.min(...times), Math.max(...times)]
  })
}

/** All values that the generators recorded, in one histogram, have the percentiles of the report. */
function expectMerged({ directory }: RunningSquall, summary: EndedSquall['summary']): void {
  const together = { service: new LatencyHistogram(), response: new LatencyHistogram() }
  for (const entry of readJournal(join(directory, 'report', 'journal.jsonl'))) {
    if (entry.type !== 'snapshot') continue
    for (const { key, service, response } of entry.snapshot.series) {
      if (key.method !== 'tools/call') continue
      together.service.mergeEncoded(service)
      together.response.mergeEncoded(response)
    }
  }
  for (const name of ['service', 'response'] as const) {
    const { count, p50, p90, p95, p99, p999 } = summary?.latencyMs[name] ?? {}
    expect(together[name].count).toBe(count)
    const shown = [p50, p90, p95, p99, p999].map((value) => value ?? Number.NaN)
    // The report is rounded; bins are further apart.
    for (const [place, q] of [0.5, 0.9, 0.95, 0.99, 0.999].entries())
      expect(Math.abs(together[name].quantileMs(q) - (shown[place] ?? 0))).toBeLessThan(0.01)
  }
}

test('agents that come after the run was asked for, with clocks ten seconds wrong, start together, share by their size, and their numbers add up to what the target counted, bin for bin [D6]', async () => {
  const fleet = await startFleet({ env: { SQUALL_FABRIC_SECRET: 'open sesame' } })
  const run = fleet.run(pacedPack(4), '--agents', '2')
  await Promise.all([
    fleet.startAgent({ workers: 1, args: ['--allow-target', '127.0.0.1'], clockOffsetMs: 10_000 }),
    fleet.startAgent({ workers: 2, clockOffsetMs: -10_000 }),
  ])
  const { code, stderr, summary } = await run.ended
  expect(wholeRun, stderr).toContain(code)
  expect(summary?.loss.gaps).toEqual([])
  expect(summary?.totals.calls).toBe(fleet.calls.length)
  expectMerged(run, summary)
  expect(fleet.target.seen.find(({ tool }) => tool === 'echo')?.params['arguments']).toEqual({ text: 'hi from afar' })
  expect(summary?.run).toMatchObject({ fabric: 'bullmq', workers: 3 })
  expect(summary?.agents.map(({ shards, state }) => [shards.length, state]).toSorted()).toEqual([
    [1, 'finished'],
    [2, 'finished'],
  ])
  const starts = [0, 1, 2].map((shard) => Math.min(...ofShard(fleet.calls, shard)))
  expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(500)
})

test('an agent that cannot begin says why', async () => {
  const nowhere = await squall(['agent', '--fabric', 'redis://:geheim@127.0.0.1:1'])
  expect(nowhere).toMatchObject({
    code: 9,
    stderr: expect.stringMatching(
      /^error: redis:\/\/\*\*\*@127\.0\.0\.1:1 cannot be reached[^]*\[FABRIC_REDIS_UNREACHABLE]/,
    ) as string,
  })
  expect(await squall(['agent'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--fabric') as string })
})

test("a killed agent's share goes on elsewhere, never twice at a time, and its gap is told with its cause and its exit code [D3]", async () => {
  const fleet = await startFleet()
  const victim = await fleet.startAgent()
  const other = await fleet.startAgent()
  const run = fleet.run(pacedPack(12), '--lease', '4s')
  await vi.waitUntil(() => fleet.calls.length > 60, { timeout: 60_000 })
  victim.child.kill('SIGKILL')
  const killedAtMs = performance.now()
  const { code, stderr, summary } = await run.ended
  expect(code, stderr).toBe(8)
  const [gap] = summary?.loss.gaps ?? []
  expect(summary?.loss.gaps, stderr).toHaveLength(1)
  const shard = gap?.shard ?? -1
  const [before, after] = spans(fleet.calls, shard)
  expect(gap?.cause).toMatch(/^agent .* was lost$/)
  expect(before?.[1]).toBeLessThan(after?.[0] ?? 0)
  expect((after?.[0] ?? Number.POSITIVE_INFINITY) - killedAtMs).toBeLessThan(6_000)
  // The others were never disturbed, and what came after the gap is all told; the killed one could not tell of its last second.
  const untold = fleet.calls.length - (summary?.totals.calls ?? 0)
  expect(untold).toBeGreaterThanOrEqual(0)
  expect(untold).toBeLessThanOrEqual(3 * 10 * 1.5)
  expect(spans(fleet.calls, 1 - shard)).toHaveLength(1)
  expect(summary?.agents.map(({ state }) => state).toSorted()).toEqual(['finished', 'lost'])
  expect(stderr).toMatch(
    /^\[\d+ s\] agent \S+ is gone; shard \d of 2 waits for another agent\n(.*\n)*\[\d+ s\] agent \S+ takes over shard/m,
  )
  other.child.kill('SIGTERM')
  await other.ended
})

test('a killed controller stops no load; another one takes the run over and ends it with every number [D4]', async () => {
  const fleet = await startFleet()
  await fleet.startAgent({ workers: 2 })
  const first = fleet.run(pacedPack(14), '--lease', '4s')
  await first.said('--resume')
  await vi.waitUntil(() => fleet.calls.length > 60, { timeout: 60_000 })
  first.child.kill('SIGKILL')
  const { stderr } = await first.ended
  const [, runId = ''] = /--resume (\S+)/.exec(stderr) ?? []
  const second = await fleet.run(pacedPack(14), '--resume', runId).ended
  expect(wholeRun, second.stderr).toContain(second.code)
  expect(second.summary?.loss.gaps).toEqual([])
  expect(second.summary?.run.id).toBe(runId)
  expect(second.summary?.totals.calls).toBe(fleet.calls.length)
  expect(fleet.calls.length).toBeGreaterThan(600)
})

test('an agent that was cut off from Redis at T0 goes on where the plan stands, and what it missed is a gap from the first second on [D5]', async () => {
  const fleet = await startFleet()
  const folder = temporaryDirectory(onTestFinished)
  const mark = join(folder, 'ready')
  const cutOff = await fleet.startAgent({ behindProxy: true, env: { MARK: mark } })
  await fleet.startAgent({ env: { DELAY_MS: '6000' } })
  const run = fleet.run({ ...pacedPack(6), 'words/greeting.ts': slowToBeReady })
  await vi.waitUntil(() => existsSync(mark), { timeout: 60_000 })
  // It says that it is ready, long before the other one is.
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  cutOff.cut()
  await vi.waitUntil(() => fleet.calls.length > 60, { timeout: 60_000 })
  cutOff.heal()
  const { code, stderr, summary } = await run.ended
  expect(code, stderr).toBe(8)
  const [gap] = summary?.loss.gaps ?? []
  expect(summary?.loss.gaps, stderr).toHaveLength(1)
  expect(gap).toMatchObject({ fromSecond: 0, cause: expect.stringMatching(lateStart) as string })
  expect(gap?.toSecond).toBeGreaterThanOrEqual(2)
  const [first, other] = [gap?.shard ?? -1, 1 - (gap?.shard ?? -1)].map((shard) => spans(fleet.calls, shard))
  expect(first).toHaveLength(1)
  const lateMs = (first?.[0]?.[0] ?? 0) - (other?.[0]?.[0] ?? 0)
  expect(Math.abs(lateMs / 1000 - (gap?.toSecond ?? 0))).toBeLessThan(1.5)
  // None of what was due meanwhile is made up for.
  expect(fleet.calls.length).toBeLessThan(3 * 10 * (6 + 6 - (gap?.toSecond ?? 0)) + 10)
  expect(summary?.totals.calls).toBe(fleet.calls.length)
  expect(stderr).toMatch(/^\[\d+ s\] shard \d begins late: agent \S+ heard of the start/m)
  expect(summary?.events).toContainEqual({ second: 0, text: expect.stringMatching(/^shard \d began late: agent/) as string })
  expect(summary?.reasons.join()).toMatch(/shard \d lost from second 0 to \d+: agent \S+ heard of the start/)
})

const lateStart = /^agent \S+ heard of the start \d+\.\d s late: Redis was away, or the agent was frozen or cut off from it$/

/** Says that it is there, or takes its time. */
const slowToBeReady = `import { writeFileSync } from 'node:fs'
const { MARK, DELAY_MS = '0' } = process.env
if (MARK !== undefined) writeFileSync(MARK, '')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(DELAY_MS))
export const greeting: string = 'hi from afar'
`
