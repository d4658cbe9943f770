import { RunAggregate } from '@squall/metrics'
import { expect, test } from 'vitest'
import { demoSnapshot, many, type DemoCall } from './test/demo-snapshot.ts'
import { judge, type Evidence } from './verdict.ts'

function numbersOf(calls: readonly DemoCall[]): Evidence['numbers'] {
  const aggregate = new RunAggregate()
  aggregate.add(0, 1, 0, demoSnapshot(0, calls))
  return aggregate.numbers()
}

const clean: Evidence = {
  why: 'complete',
  isOpen: false,
  numbers: numbersOf(many(10)),
  thresholds: [{ expression: 'failed<1%', value: 0, ok: true }],
  loss: { shardSeconds: 0, snapshots: 0, gaps: [] },
  saturation: [],
}
const stopped = { why: 'stopped' } as const
const lost = { loss: { shardSeconds: 5, snapshots: 0, gaps: [{ shard: 1, fromSecond: 5, toSecond: 10, cause: 'killed' }] } }
const missing = { loss: { shardSeconds: 0, snapshots: 2, gaps: [] } }
const nothing = { numbers: numbersOf([{ error: 'transport.refused' }]) }
const saturated = { saturation: ['a generator process used over 90 % of a core in 9 of 10 seconds'] }
const broken = { thresholds: [{ expression: 'p95<1ms', value: 10, ok: false }] }
const unmeasured = { thresholds: [{ expression: 'tool.x.p95<1ms', value: null, ok: false }] }

test.each<[string, Partial<Evidence>, string, number, string[]]>([
  ['every threshold held', {}, 'pass', 0, []],
  ['a threshold was broken', broken, 'fail', 3, ['p95<1ms does not hold']],
  ['nothing succeeded', nothing, 'fail', 3, ['no call succeeded']],
  ['there were no calls at all', { numbers: numbersOf([]) }, 'fail', 3, ['no call succeeded']],
  ['a threshold had nothing to measure', unmeasured, 'inconclusive', 5, ['nothing was measured for tool.x.p95<1ms']],
  ['the generator was the bottleneck', saturated, 'inconclusive', 5, saturated.saturation],
  ['the user stopped it', stopped, 'stopped', 130, ['stopped by the user before its end']],
  ['a shard was lost', lost, 'degraded', 8, ['shard 1 lost from second 5 to 10: killed']],
  ['less was lost than is allowed', { ...lost, lossAllowance: { ratio: 0.1, plannedShardSeconds: 50 } }, 'pass', 0, []],
  [
    'more was lost than is allowed',
    { ...lost, lossAllowance: { ratio: 0.05, plannedShardSeconds: 50 } },
    'degraded',
    8,
    ['shard 1 lost from second 5 to 10: killed'],
  ],
  ['numbers were lost', missing, 'degraded', 8, ['2 snapshots never arrived']],
  ['generators had to be stopped, but all was measured', { why: 'overdue' }, 'pass', 0, []],
  [
    'arrivals were cut before the end of their flows',
    { why: 'overdue', isOpen: true },
    'degraded',
    8,
    ['clients were still in their flows long after the last arrival, and were cut'],
  ],
  [
    'arrivals were cut, and a threshold is broken',
    { why: 'overdue', isOpen: true, ...broken },
    'fail',
    3,
    ['p95<1ms does not hold'],
  ],
  ['a saturated generator broke a threshold', { ...saturated, ...broken }, 'inconclusive', 5, saturated.saturation],
  ['a saturated generator got no answer at all', { ...saturated, ...nothing }, 'fail', 3, ['no call succeeded']],
  ['a lost shard broke a threshold', { ...lost, ...broken }, 'degraded', 8, ['shard 1 lost from second 5 to 10: killed']],
  ['a stopped run lost a shard', { ...lost, ...stopped }, 'stopped', 130, ['stopped by the user before its end']],
  [
    'one threshold is broken and another has nothing to measure',
    { thresholds: [...unmeasured.thresholds, ...broken.thresholds] },
    'fail',
    3,
    ['p95<1ms does not hold'],
  ],
])('%s', (_, evidence, verdict, exitCode, reasons) => {
  expect(judge({ ...clean, ...evidence })).toEqual({ verdict, exitCode, reasons })
})

/** A run of these seconds, each with its calls. */
function secondsOf(...seconds: readonly (readonly DemoCall[])[]): Evidence['numbers'] {
  const aggregate = new RunAggregate()
  seconds.forEach((calls, second) => aggregate.add(0, 1, second, demoSnapshot(second, calls)))
  return aggregate.numbers()
}
const refused: readonly DemoCall[] = [{ error: 'transport.refused' }]
const cut: readonly DemoCall[] = [{ error: 'stopped' }]

test('a target that died before the end fails the run, however few calls noticed', () => {
  const numbers = secondsOf(many(1000), many(1000), refused, [], refused)
  const judged = judge({ ...clean, numbers, ...saturated })
  expect(judged).toEqual({ verdict: 'fail', exitCode: 3, reasons: ['from second 2 on, no tool call succeeded any more'] })
})

test.each([
  ['came back', secondsOf(many(10), refused, refused, many(10))],
  ['failed in the last second alone', secondsOf(many(10), many(10), refused)],
  ['was left with calls that the end cut', secondsOf(many(10), cut, cut)],
])('a target that %s is judged by its thresholds', (_, numbers) => {
  expect(judge({ ...clean, numbers }).verdict).toBe('pass')
})

test('a run of other methods alone can pass', () => {
  expect(judge({ ...clean, numbers: numbersOf(many(5, { method: 'ping' })) }).verdict).toBe('pass')
})

const ping = { method: 'ping' }

test('a run of other methods alone fails, too, where its target died before the end', () => {
  const numbers = secondsOf(many(1000, ping), many(1000, ping), [{ ...ping, error: 'transport.refused' }], refused)
  const reasons = ['from second 2 on, no call succeeded any more']
  expect(judge({ ...clean, numbers })).toEqual({ verdict: 'fail', exitCode: 3, reasons })
})

test('a target whose tools were called at first alone is not dead while it answers what else it is asked', () => {
  const wavering = [...many(10, ping), { ...ping, error: 'http.500' }]
  expect(judge({ ...clean, numbers: secondsOf(many(10), wavering, wavering, wavering) }).verdict).toBe('pass')
  const dead = [{ ...ping, error: 'transport.refused' }]
  expect(judge({ ...clean, numbers: secondsOf(many(10), wavering, dead, dead) }).verdict).toBe('fail')
})

function reasonsAfterWarmUp(calls: readonly DemoCall[]): readonly string[] {
  const aggregate = new RunAggregate({ warmUpSeconds: 5 })
  aggregate.add(0, 1, 0, demoSnapshot(0, calls))
  return judge({ ...clean, numbers: aggregate.numbers() }).reasons
}

test('a run that ended within its warm-up says so, and not that no call succeeded', () => {
  expect(reasonsAfterWarmUp(many(10))).toEqual([
    'no call was measured: all 10 were made in the first 5 s, which are left out as warm-up',
  ])
  expect(reasonsAfterWarmUp([{ error: 'transport.refused' }])).toEqual(['no call succeeded'])
})
