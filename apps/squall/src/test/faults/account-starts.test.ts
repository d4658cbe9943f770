import { createArrivalSchedule, type LoadPlan } from '@squall/load-plan'
import { expect, test } from 'vitest'
import { accountStarts } from './account-starts.ts'
import { compareCounts, findOverlaps } from './compare-counts.ts'
import type { ArrivedCall, CountedSecond, Evidence } from './evidence.ts'

const model = { type: 'open', phases: [{ name: '', durationMs: 6_000, rateStart: 4, rateEnd: 20, spacing: 'even' }] } as const
// Of the plan only what decides when arrivals are due is looked at.
const plan = { seed: 1, model } as unknown as LoadPlan
const schedule = createArrivalSchedule(model as never, 1)
const gap = { shard: 1, fromSecond: 2, toSecond: 4, cause: 'agent a was lost' }

/** Shard 1 is lost from second 2 to second 4; all else goes well. */
function disturbed(): { calls: ArrivedCall[]; evidence: Evidence } {
  const calls = Array.from({ length: schedule.count }, (_, number) => ({
    number,
    shard: number % 2,
    atMs: schedule.dueMs(number) + 1,
  }))
    .filter(({ shard, atMs }) => shard === 0 || atMs < 2_000 || atMs >= 4_000)
    .map(({ number, shard, atMs }) => ({ number, shard, atMs, epoch: shard === 1 && atMs >= 4_000 ? 2 : 1 }))
  const counted = [0, 1, 2, 3, 4, 5].flatMap((second) =>
    [0, 1].map((shard): CountedSecond => {
      const its = calls.filter((call) => call.shard === shard && Math.floor(call.atMs / 1000) === second)
      const epoch = shard === 1 && second >= 4 ? 2 : 1
      return { shard, epoch, second, ok: its.length, failed: 0, otherFailed: 0, dropped: 0 }
    }),
  )
  return { calls, evidence: { plan, shards: 2, calls, requests: calls, counted, gaps: [gap] } }
}

test('arrivals in a gap are accounted for by it, and the counts on both sides are the same', () => {
  const { evidence } = disturbed()
  const account = accountStarts(evidence, 'ramp')
  expect(account).toMatchObject({ planned: schedule.count, unaccounted: [], repeated: [], toldMissing: 0 })
  expect(account.inGaps).toBeGreaterThan(5)
  expect(account.arrived + account.inGaps).toBe(account.planned)
  expect(compareCounts(evidence)).toMatchObject(Array.from({ length: 3 }, () => ({ untold: [], invented: 0, displaced: [] })))
  expect(findOverlaps(evidence)).toEqual([])
})

test('an arrival that is missing is found, unless its generator told of it', () => {
  const { evidence } = disturbed()
  const lost = evidence.calls.find(({ shard, atMs }) => shard === 0 && atMs > 5_000)
  const without = { ...evidence, calls: evidence.calls.filter((call) => call !== lost) }
  const instead = (change: (second: CountedSecond) => Partial<CountedSecond>): CountedSecond[] =>
    evidence.counted.map((second) =>
      second.shard === 0 && second.second === 5 ? Object.assign({}, second, change(second)) : second,
    )
  const untold = instead(({ ok }) => ({ ok: ok - 1 }))
  const told = instead(({ ok }) => ({ ok: ok - 1, dropped: 1 }))
  expect(accountStarts({ ...without, counted: untold }, 'ramp').unaccounted).toMatchObject([{ number: lost?.number }])
  expect(accountStarts({ ...without, counted: told }, 'ramp')).toMatchObject({ unaccounted: [], toldMissing: 1 })
  // A report that counts what never came invents it.
  expect(compareCounts(without).map(({ invented }) => invented)).toContain(1)
})

test('what comes twice, in another second, without a number, or from a generator of before, is found', () => {
  const { evidence } = disturbed()
  const [first] = evidence.calls
  if (first === undefined) throw new Error('there are no calls')
  const twice = { ...evidence, calls: [...evidence.calls, { ...first, atMs: 5_990 }] }
  expect(accountStarts(twice, 'ramp').repeated).toEqual([first.number])
  expect(compareCounts(twice).flatMap(({ untold }) => untold)).toHaveLength(1)
  const early = evidence.counted.map((one) => Object.assign({}, one, { second: one.shard === 0 ? one.second + 1 : one.second }))
  expect(
    Math.max(...compareCounts({ ...evidence, counted: early }).flatMap(({ displaced }) => displaced.map(({ byMs }) => byMs))),
  ).toBeGreaterThan(900)
  const late = { ...evidence, requests: [...evidence.requests, { shard: 1, epoch: 1, atMs: 4_500 }] }
  expect(findOverlaps(late)).toMatchObject([{ shard: 1, requests: 1 }])
})

/** Three clients of each shard whose 88 calls went well until second 3, and what was told in second 5. */
const quietUntilTheEnd = (failed: number): CountedSecond[] =>
  [0, 1].flatMap((shard) => [
    { shard, epoch: 1, second: 0, ok: 88, failed: 0, otherFailed: 0, dropped: 0 },
    { shard, epoch: 1, second: 5, ok: 0, failed, otherFailed: 0, dropped: 0 },
  ])

test('a client that waits for a lost answer to a call that did arrive owes no next one until its generator tells', () => {
  const closed = { model: { type: 'closed', clients: 6, durationMs: 6_000 } } as unknown as LoadPlan
  const calls = Array.from({ length: 6 * 30 }, (_, number) => ({
    number,
    shard: number % 2,
    epoch: 1,
    atMs: Math.floor(number / 6) * 100,
  }))
  const evidence = { plan: closed, shards: 2, calls, requests: calls, gaps: [] }
  // Of three clients two had their answers lost; the third could not send.
  expect(accountStarts({ ...evidence, counted: quietUntilTheEnd(3) }, 'closed')).toMatchObject({
    unaccounted: [],
    toldMissing: 6,
  })
  expect(accountStarts({ ...evidence, counted: quietUntilTheEnd(2) }, 'closed').unaccounted).toHaveLength(2)
})
