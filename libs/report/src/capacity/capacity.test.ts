import { readdir, readFile } from 'node:fs/promises'
import { temporaryDirectory } from '@squall/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { sampleCapacity } from '../test/sample-capacity.ts'
import { renderCapacityTable } from './capacity-table.ts'
import { renderCapacityMarkdown } from './capacity-markdown.ts'
import { describeLaw, describeLittlesLaw } from './capacity-rows.ts'
import { toCurves } from './curve.ts'
import { niceTicks } from './nice-ticks.ts'
import { writeCapacity } from './write-capacity.ts'

const bare = {
  maximum: null,
  knee: null,
  usl: null,
  uslRefused: '2 levels were measured',
  plan: null,
  whatIf: [],
  pools: [],
  littlesLaw: [],
} as const

const schema = JSON.parse(await readFile(new URL('../../schema/capacity.schema.json', import.meta.url), 'utf8')) as object
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true })
formats.default(ajv)
const validate = ajv.compile(schema)

test.each([
  ['with everything', sampleCapacity()],
  ['with nothing', sampleCapacity({ ...bare, levels: [], verdict: 'not-found', reasons: ['even 1 client breaks the SLO'] })],
])('capacity.json %s keeps to its schema, beside the page and Markdown [C5]', async (_what, capacity) => {
  const directory = temporaryDirectory(onTestFinished)
  const files = await writeCapacity(directory, capacity)
  validate(JSON.parse(await readFile(files.capacity, 'utf8')))
  expect(validate.errors).toBeNull()
  expect((await readdir(directory)).toSorted()).toEqual(['capacity.html', 'capacity.json', 'capacity.md'])
})

test('the terminal says the sentence, why, and every load', () => {
  const text = renderCapacityTable(sampleCapacity(), { color: false, columns: 100, reportPath: '/r/capacity.html' })
  expect(text.split('\n')[0]).toBe('FOUND  heavy → http://127.0.0.1:3000/mcp, p95<500ms,failed<1%')
  expect(text).toContain('The server carries 340 clients')
  expect(text).toMatch(/\n {2}340 ✓ +144 +190 ms +488 ms +810 ms +0 % +kept +15 s\n/)
  expect(text).toContain('broken  given up after 15 s')
  expect(text).toContain('15 s, not level')
  expect(text).toMatch(/\nreport: \/r\/capacity\.html$/)
  expect(renderCapacityTable(sampleCapacity({ ...bare, verdict: 'inconclusive' }), { color: true })).toContain('INCONCLUSIVE')
})

const boundBy = (by: string): string => renderCapacityMarkdown(sampleCapacity({ bound: { by, evidence: ['why'] } }))

test('what breaks first is told of the server alone: a generator that gave way is none of it', () => {
  expect(boundBy('server-cpu')).toContain('Bound by **processor**')
  expect(boundBy('generator')).toContain('Bound by **not known**')
  expect(boundBy('pool')).toContain('| What breaks first | **pool** | why |')
})

test('Markdown for a wiki', () => {
  const text = renderCapacityMarkdown(sampleCapacity({ reasons: ['a <reason>'] }))
  expect(text).toContain('## Capacity of heavy: found')
  expect(text).toContain(
    '| What to run | **4 instances** | for 1,000 clients with 30 % of headroom; pools of 12; by forecast 2 with pools of 16;',
  )
  expect(text).toContain('| How many | **340 clients** | 144 calls a second, at p95&lt;500ms, failed&lt;1% |')
  expect(text).toContain('| How sure | **322 to 355** | 95 % confidence; held once more to confirm it |')
  const atLeast = { load: 340, clients: 340, callsPerSecond: 100, interval: [322, 355], isAtLeast: true } as const
  const open = renderCapacityMarkdown(sampleCapacity({ maximum: atLeast, verdict: 'not-found' }))
  expect(open).toContain('| How many | **at least 340 clients** |')
  expect(open).toContain('| How sure | **no limit seen** | no more was tried |')
  expect(open).toContain('| What to run | **at most 4 instances** |')
  const cut = renderCapacityMarkdown(
    sampleCapacity({ maximum: atLeast, verdict: 'inconclusive', reasons: ['stopped'], plan: null }),
  )
  expect(cut).toContain('| How sure | **not sure** | stopped |')
  expect(cut).not.toContain('What to run')
  expect(renderCapacityMarkdown(sampleCapacity(bare))).toContain('| How many | **not known** | no load was found that keeps p95')
  expect(text).toContain('- a &lt;reason&gt;')
  expect(text).toContain('| 1,000 | 30 % | 4 | – |')
  expect(renderCapacityMarkdown(sampleCapacity({ ...bare, levels: [] }))).not.toContain('| 1 |')
})

const law = (holds: boolean) => describeLittlesLaw(sampleCapacity({ littlesLaw: [{ load: 20, expectedClients: 30.4, holds }] }))

test('the law and the check of the measurement in words', () => {
  expect(describeLaw(sampleCapacity())).toContain('contention σ is 0.012, coherency κ is 4.0e-5, with a peak at 157 clients')
  expect(describeLaw(sampleCapacity({ usl: { lambda: 1, sigma: 0, kappa: 0, peakClients: null, rSquared: 1 } }))).toContain(
    'σ is 0, coherency κ is 0, with no peak',
  )
  expect(describeLaw(sampleCapacity({ ...bare, uslRefused: null }))).toContain('it was not tried')
  expect(law(true)).toContain('holds at all 1 loads')
  expect(law(false)).toContain('does not hold at 1 of 1 loads: 20 (30 by the law)')
  expect(describeLittlesLaw(sampleCapacity(bare))).toBe('')
})

test('curves show what there is, with the limits of the SLO where they belong', () => {
  const curves = toCurves(sampleCapacity())
  expect(curves.map(({ id }) => id)).toEqual(['throughput', 'response', 'failures', 'resources', 'waits'])
  expect(curves.map(({ limits }) => limits)).toEqual([
    [],
    [{ value: 500, label: 'p95<500ms' }],
    [{ value: 0.01, label: 'failed<1%' }],
    [],
    [],
  ])
  expect(curves[0]?.loads).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 320, 340, 352, 384, 512, 640])
  const plain = sampleCapacity({
    ...bare,
    slo: 'service.p95<1s',
    levels: sampleCapacity()
      .levels.slice(0, 3)
      .map((level) => Object.assign({}, level, { target: {} })),
  })
  expect(toCurves(plain).map(({ id, limits, marks }) => [id, limits, marks])).toEqual([
    ['throughput', [], []],
    ['response', [], []],
  ])
  const atLeast = sampleCapacity({
    knee: null,
    maximum: { load: 8, clients: 8, callsPerSecond: 1, interval: [8, 8], isAtLeast: true },
  })
  expect(toCurves(atLeast)[0]?.marks).toEqual([{ load: 8, label: 'most kept' }])
})

test('ticks are few, round, evenly spaced, from zero to no less than the highest value', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (highest) => {
      const ticks = niceTicks(highest)
      expect(ticks[0]).toBe(0)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest * (1 - 1e-9))
      expect(ticks.length).toBeGreaterThanOrEqual(3)
      expect(ticks.length).toBeLessThanOrEqual(6)
    }),
  )
})
