import { RunAggregate } from '@squall/metrics'
import { expect, test } from 'vitest'
import { demoSnapshot, many, type DemoCall } from '../test/demo-snapshot.ts'
import { parseSlo, strainOf } from './slo.ts'

function strain(text: string, calls: readonly DemoCall[]): number {
  const slo = parseSlo(text)
  if (!('terms' in slo)) throw new Error(JSON.stringify(slo))
  const aggregate = new RunAggregate()
  aggregate.add(0, 1, 0, demoSnapshot(0, calls))
  return strainOf(slo, aggregate.numbers(1))
}

test.each<[string, readonly DemoCall[], number]>([
  ['p95<500ms', many(100, { ms: 250 }), 0.5],
  ['p95<500ms,failed<1%', [...many(98, { ms: 100 }), ...many(2, { ms: 100, error: 'http.500' })], 2],
  ['failed<1%', many(10), 0],
  ['failed<=0', many(10), 1],
  ['p95<500ms', [], Number.POSITIVE_INFINITY],
  ['failed<=0', many(1, { error: 'http.500' }), Number.POSITIVE_INFINITY],
  ['tool.echo.p50<100ms', many(4, { ms: 50 }), 0.5],
])('%s: strain', (text, calls, expected) => {
  const found = strain(text, calls)
  expect(
    Number.isFinite(expected) ? Math.abs(found - expected) / Math.max(1, expected) < 0.02 : found === expected,
    `${found}`,
  ).toBe(true)
})

test('at the very edge a term with < is broken, one with <= is kept', () => {
  const oneOfHundred = [...many(99), ...many(1, { error: 'http.500' })]
  expect(strain('failed<1%', oneOfHundred)).toBeGreaterThan(1)
  expect(strain('failed<=1%', oneOfHundred)).toBe(1)
})

test('all that is wrong is told at once', () => {
  const problems = parseSlo('p95<fast, p99<1s, phase.ramp.p95<1s, p96')
  expect(problems).toMatchObject([{ value: 'p95<fast' }, { value: 'p96' }, { value: 'phase.ramp.p95<1s' }])
  expect(parseSlo(' , ')).toMatchObject([
    { where: '--slo', expected: 'what the server must keep to, such as p95<500ms,failed<1%' },
  ])
})

test.each([
  ['rate>100', 'few clients make few calls by themselves; the report says what rate each level reached'],
  ['calls<=5', 'few clients make few calls by themselves; the report says what rate each level reached'],
  ['p95>=5ms', 'write an upper bound, with < or <='],
])('%s is no term of an SLO, since more load does not break it', (term, hint) => {
  const expected = 'a term that more load breaks, such as p95<500ms or failed<1%'
  expect(parseSlo(`failed<1%,${term}`)).toEqual([{ where: '--slo', value: term, expected, hint }])
})
