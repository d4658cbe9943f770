import type { LoadPlan } from '@squall/load-plan'
import { expect, test } from 'vitest'
import type { EndedRun } from './drive.ts'
import { loadSecondsOf, type ToldOfRun } from './load-seconds.ts'
import { demoPlan } from './test/demo-plan.ts'

const closed: LoadPlan = { ...demoPlan, model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 60_000 } }
const phase = { name: '', durationMs: 10_000, rateStart: 5, rateEnd: 5, spacing: 'constant' } as const
const open: LoadPlan = { ...demoPlan, model: { type: 'open', phases: [phase] } }
const ended = (stoppedAtMs: number, endedAtMs = stoppedAtMs): EndedRun => ({
  type: 'finalising',
  startAtMs: 1_000,
  stoppedAtMs,
  endedAtMs,
  why: 'complete',
})

/** Generators told of all there was. */
const toldTo = (atMs: number): ToldOfRun => ({ endSeconds: (atMs - 1_000) / 1000, hasUnfinishedShards: false })

test.each([
  ['a closed plan is as long as its duration, however late its last answers', closed, ended(64_200), 60],
  ['a closed plan that was stopped, until then and not until its last answer', closed, ended(4_400, 5_200), 3.4],
  ['an open plan is as long as its phases where its last clients leave at once', open, ended(11_300), 10],
  ['an open plan whose clients go on, by whole seconds longer', open, ended(74_700), 73],
  ['a run that was stopped before its start made none', closed, ended(400), 0],
])('the load of %s', (_, plan, run, seconds) => {
  expect(loadSecondsOf(plan, { ended: run, pausedMs: 0 }, toldTo(run.stoppedAtMs))).toBeCloseTo(seconds, 9)
})

test('a pause makes the time of the load longer', () => {
  expect(loadSecondsOf(closed, { ended: ended(75_200), pausedMs: 10_000 }, toldTo(75_200))).toBe(70)
  expect(loadSecondsOf(closed, { ended: ended(41_000), pausedMs: 10_000 }, toldTo(41_000))).toBe(40)
})

const counted: LoadPlan = {
  ...demoPlan,
  model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 60_000, iterationsInTotal: 5 },
}
const heardLate = ended(301_000)

test.each([
  ['an open plan ended with what was told of its clients', open, 73.7, false, heardLate, 73],
  ['an open plan whose clients left at once ended with its last arrivals', open, 9.8, false, heardLate, 9.8],
  ['a plan that counts iterations ended with its last one', counted, 20.4, false, heardLate, 20.4],
  ['a closed plan ended with its duration', closed, 64, false, heardLate, 60],
  ['an open plan that lost a share ended where it should have', open, 4, true, heardLate, 10],
  ['a closed plan that lost a share ended where it should have', closed, 4, true, heardLate, 60],
  ['an open plan that lost a share ended with what was told of the others', open, 73.7, true, heardLate, 73],
  [
    'a run that was stopped ended where it was, whatever was told',
    open,
    4,
    false,
    { ...heardLate, why: 'stopped' as const },
    300,
  ],
])('where the end is heard of late, %s', (_, plan, endSeconds, hasUnfinishedShards, run, seconds) => {
  expect(loadSecondsOf(plan, { ended: run, pausedMs: 0 }, { endSeconds, hasUnfinishedShards })).toBeCloseTo(seconds, 9)
})
