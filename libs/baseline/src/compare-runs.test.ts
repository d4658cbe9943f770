import { seededRandom } from '@squall/time'
import { describe, expect, test } from 'vitest'
import { compareRuns, type CompareOptions, type ComparisonVerdict, type MetricRuns, type RunComparison } from './compare-runs.ts'
import { simulateComparison, type SimulatedComparison } from './test/simulated-comparison.ts'

const base = [100, 102, 98, 101, 99, 103, 97, 100, 101, 99]
const metric = (candidate: readonly number[], more: Partial<MetricRuns> = {}): MetricRuns => ({
  tool: 'execute_query',
  metric: 'response.p95',
  scale: 'ratio',
  base,
  candidate,
  ...more,
})

const compare = (metrics: readonly MetricRuns[], options: Partial<CompareOptions> = {}): RunComparison =>
  compareRuns(metrics, { runs: 'paired', ...options })

test('a candidate that takes a fifth longer in every pair is slower, by a fifth', () => {
  const { verdict, metrics, runsEach, runsNeeded } = compare([metric(base.map((ms) => ms * 1.2))])
  expect([verdict, runsEach]).toEqual(['slower', 10])
  expect(runsNeeded).toBeLessThanOrEqual(10)
  expect(metrics[0]?.effect).toBeCloseTo(0.2, 9)
  expect(metrics[0]?.interval?.[0]).toBeCloseTo(0.2, 9)
  expect(metrics[0]?.pValue).toBeCloseTo(2 / 1024, 9)
})

test('a candidate that takes a fifth less is faster; one that takes a hundredth more in every pair is the same, since that does not matter', () => {
  expect(compare([metric(base.map((ms) => ms / 1.2))]).verdict).toBe('faster')
  expect(compare([metric(base.map((ms) => ms * 1.01))]).verdict).toBe('same')
  expect(compare([metric(base)]).verdict).toBe('same')
})

test('what matters is for the user to say', () => {
  const options = { minimumEffect: { ratio: 0.005 } }
  expect(compare([metric(base.map((ms) => ms * 1.01))], options).verdict).toBe('slower')
})

test('too few runs say nothing, but how many it takes', () => {
  const few = base.slice(0, 4)
  const compared = compare([
    metric(
      few.map((ms) => ms * 2),
      { base: few },
    ),
  ])
  expect(compared).toMatchObject({ verdict: 'inconclusive', runsEach: 4, runsNeeded: 6 })
  expect(compared.metrics[0]?.interval).toBeUndefined()
})

test('the more metrics, the more runs it takes to see anything at all', () => {
  const metrics = Array.from({ length: 50 }, (_, index) =>
    metric(
      base.map((ms) => ms * 1.2),
      { tool: `tool_${index}` },
    ),
  )
  expect(compare(metrics)).toMatchObject({ verdict: 'inconclusive', runsNeeded: 11 })
})

test('runs that scatter widely are inconclusive, and more runs are asked for', () => {
  const wild = [50, 210, 80, 190, 60, 150, 99, 170, 70, 130]
  const { verdict, runsNeeded } = compare([metric(wild)])
  expect(verdict).toBe('inconclusive')
  expect(runsNeeded).toBeGreaterThan(50)
})

test('shares of failed calls compare by their difference', () => {
  const none = base.map(() => 0)
  const share = { metric: 'failed', scale: 'share', base: none } as const
  expect(compare([metric(none, share)]).verdict).toBe('same')
  expect(
    compare([
      metric(
        base.map((_, index) => 0.02 + index / 1000),
        share,
      ),
    ]).verdict,
  ).toBe('slower')
})

test('one tool that is slower is the verdict, whatever the others are', () => {
  const faster = metric(
    base.map((ms) => ms / 2),
    { tool: 'list_views' },
  )
  const slower = metric(base.map((ms) => ms * 2))
  expect(compare([faster, slower]).verdict).toBe('slower')
  expect(compare([]).verdict).toBe('inconclusive')
})

test('a latency of zero compares as well, and runs without a partner are refused', () => {
  expect(
    compare([
      metric(
        base.map(() => 0),
        { base: base.map(() => 0) },
      ),
    ]).verdict,
  ).toBe('same')
  expect(() => compare([metric([1, 2])])).toThrow('execute_query response.p95: 10 runs of the base and 2 of the candidate')
  expect(() => compare([metric([], { base: [] })])).toThrow(RangeError)
})

test('runs of different times compare by their ranks, and need not be as many', () => {
  const runs = 'independent'
  const shifted = [121, 118, 122, 119, 123, 117, 120, 121]
  const { verdict, metrics, runsEach } = compare([metric(shifted)], { runs })
  expect([verdict, runsEach]).toEqual(['slower', 8])
  expect(metrics[0]?.effect).toBeCloseTo(0.2, 2)
  expect(compare([metric(base.toReversed())], { runs }).verdict).toBe('same')
  expect(compare([metric([120, 121], { base: [100, 101] })], { runs })).toMatchObject({ verdict: 'inconclusive', runsNeeded: 4 })
  expect(() => compare([metric([])], { runs })).toThrow('10 runs of the base and 0 of the candidate')
})

describe('of simulated comparisons whose truth is known', () => {
  const quiet: SimulatedComparison = { pairs: 12, tools: 5, noise: 0.03, weather: 0.2, effect: 0, bursts: 0 }
  const rounds = 300
  const verdicts = (given: Partial<SimulatedComparison>): Record<ComparisonVerdict, number> => {
    const counts = { same: 0, slower: 0, faster: 0, inconclusive: 0 }
    const random = seededRandom(42)
    for (let round = 0; round < rounds; round += 1)
      counts[compare(simulateComparison({ ...quiet, ...given }, random)).verdict] += 1
    return counts
  }

  test('no change: false alarms are rare, and most say so', () => {
    const { same, slower, faster } = verdicts({})
    expect(slower + faster).toBeLessThanOrEqual(rounds * 0.05)
    expect(same).toBeGreaterThan(rounds * 0.7)
  })

  test('one tool a tenth slower is found', () => {
    expect(verdicts({ effect: 0.1 }).slower).toBeGreaterThanOrEqual(rounds * 0.9)
  })

  test('on a loaded machine the verdict is inconclusive instead of wrong', () => {
    const loaded = { bursts: 0.4, noise: 0.1 }
    const { same, slower, faster } = verdicts(loaded)
    expect(same + slower + faster).toBeLessThanOrEqual(rounds * 0.05)
    const { same: missed, faster: wrong } = verdicts({ ...loaded, effect: 0.1 })
    expect(missed + wrong).toBeLessThanOrEqual(rounds * 0.05)
  })
})
