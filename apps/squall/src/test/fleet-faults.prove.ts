// Every way a run over two agents is disturbed, on real processes. Prints the table of docs/distributed.md.
import { setTimeout as delay } from 'node:timers/promises'
import { PartitionProxy } from '@squall/testing'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { pacedPack, startFleet, type Fleet, type MarkedCall } from './fleet.ts'
import type { EndedSquall, RunningSquall } from './run-squall.ts'

interface Disturbed {
  readonly fleet: Fleet
  readonly agent: RunningSquall
  readonly run: RunningSquall
  readonly proxy: PartitionProxy
}

interface Fault {
  readonly name: string
  readonly lease: string
  readonly seconds: number
  readonly act: (parts: Disturbed) => Promise<RunningSquall | undefined>
  /** Whether a generator dies before it could tell what it counted last; one that wakes after its lease is killed by its agent. */
  readonly kills: boolean
  readonly gaps: boolean
}

const none = { kills: false, gaps: false }
const resumeLater = async ({ fleet, run }: Disturbed, seconds: number): Promise<RunningSquall> => {
  run.child.kill('SIGKILL')
  const { stderr } = await run.ended
  const [, runId = ''] = /--resume (\S+)/.exec(stderr) ?? []
  return fleet.run(pacedPack(seconds), '--resume', runId)
}

const freeze = async ({ agent }: Disturbed, ms: number): Promise<undefined> => {
  const pids = [agent.pid, ...agent.children()]
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  await delay(ms)
  for (const pid of pids) process.kill(pid, 'SIGCONT')
}

const redisAway = async ({ fleet }: Disturbed, ms: number): Promise<undefined> => {
  await fleet.redis.kill()
  await delay(ms)
  await fleet.redis.start()
}

const kill = async ({ agent }: Disturbed): Promise<undefined> => void agent.child.kill('SIGKILL')

const faults: readonly Fault[] = [
  { name: 'none', lease: '4s', seconds: 8, act: async () => undefined, ...none },
  { name: 'agent killed', lease: '4s', seconds: 14, act: kill, kills: true, gaps: true },
  { name: 'agent killed', lease: '15s', seconds: 30, act: kill, kills: true, gaps: true },
  { name: 'controller killed, resumed', lease: '4s', seconds: 16, act: (parts) => resumeLater(parts, 16), ...none },
  {
    name: 'agent and controller killed, resumed',
    lease: '4s',
    seconds: 20,
    act: async (parts) => {
      await kill(parts)
      return resumeLater(parts, 20)
    },
    kills: true,
    gaps: true,
  },
  { name: 'agent frozen 3 s', lease: '15s', seconds: 12, act: (parts) => freeze(parts, 3_000), ...none },
  { name: 'agent frozen 10 s', lease: '4s', seconds: 20, act: (parts) => freeze(parts, 10_000), kills: true, gaps: true },
  {
    name: 'agent cut off 10 s',
    lease: '4s',
    seconds: 20,
    act: async ({ proxy }) => {
      proxy.cut()
      await delay(10_000)
      proxy.heal()
      return undefined
    },
    kills: false,
    gaps: true,
  },
  { name: 'Redis killed, back after 3 s', lease: '15s', seconds: 12, act: (parts) => redisAway(parts, 3_000), ...none },
  {
    name: 'Redis killed, back after 10 s',
    lease: '4s',
    seconds: 24,
    act: (parts) => redisAway(parts, 10_000),
    kills: false,
    gaps: true,
  },
]

const table: string[] = []
afterAll(() => {
  const head = ['fault', 'lease', 'goes on elsewhere after', 'seconds lost', 'target counted', 'report counted', 'exit code']
  console.log([`| ${head.join(' | ')} |`, `|${head.map(() => ' --- |').join('')}`, ...table].join('\n'))
})

test.each(faults)('$name, with a lease of $lease', async ({ name, lease, seconds, act, kills, gaps }) => {
  const fleet = await startFleet()
  const proxy = await PartitionProxy.start(fleet.redis.port)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const agent = await fleet.startAgent({ url: `redis://127.0.0.1:${proxy.port}` })
  await fleet.startAgent()
  const run = fleet.run(pacedPack(seconds), '--lease', lease)
  await run.said('--resume')
  await vi.waitUntil(() => fleet.calls.length > 120, { timeout: 60_000 })
  const atMs = performance.now()
  const resumed = await act({ fleet, agent, run, proxy })
  const { code, summary, stderr } = await (resumed ?? run).ended
  const counted = summary?.totals.calls ?? 0
  const pickup = pickupMs(fleet.calls, atMs)
  const after = pickup === undefined ? '–' : `${(pickup / 1000).toFixed(1)} s`
  table.push(`| ${name} | ${lease} | ${after} | ${lostSeconds(summary)} | ${fleet.calls.length} | ${counted} | ${code} |`)
  for (const shard of [0, 1]) expect(overlapMs(fleet.calls, shard), stderr).toBe(0)
  const untold = fleet.calls.length - counted
  // Three clients call ten times a second; what was counted since the last full second died with its generator.
  expect(untold, stderr).toBeGreaterThanOrEqual(0)
  expect(untold, stderr).toBeLessThanOrEqual(kills ? 45 : 0)
  expect((summary?.loss.gaps.length ?? 0) > 0, stderr).toBe(gaps)
  expect(gaps ? [8] : [0, 5], stderr).toContain(code)
})

const lostSeconds = (summary: EndedSquall['summary']): string =>
  summary === undefined ? 'unknown' : `${summary.loss.shardSeconds} of ${2 * Math.round(summary.run.durationSeconds)}`

/** Of the shard that changed hands: when its next generator sent its first call. */
function pickupMs(calls: readonly MarkedCall[], sinceMs: number): number | undefined {
  const later = calls.filter(({ epoch, atMs }) => epoch > 1 && atMs > sinceMs)
  return later.length === 0 ? undefined : Math.min(...later.map(({ atMs }) => atMs)) - sinceMs
}

/** For how long two generators of a shard made load at once. */
function overlapMs(calls: readonly MarkedCall[], shard: number): number {
  let overlap = 0
  let lastOfBefore = 0
  for (const epoch of [...new Set(calls.filter((call) => call.shard === shard).map((call) => call.epoch))].toSorted(
    (a, b) => a - b,
  )) {
    const times = calls.filter((call) => call.shard === shard && call.epoch === epoch).map(({ atMs }) => atMs)
    overlap = Math.max(overlap, lastOfBefore - Math.min(...times))
    lastOfBefore = Math.max(lastOfBefore, ...times)
  }
  return Math.max(0, overlap)
}
