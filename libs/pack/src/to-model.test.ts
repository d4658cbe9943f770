import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OverrideName, PackOverrides } from './index.ts'
import { changed, load, problemsOf, rightPack } from './test/write-pack.ts'

const openPack = (phases: string, squall = ''): string => `config:
  target: http://127.0.0.1:3000/mcp
  phases: ${phases}
${squall}scenarios:
  - engine: mcp
    flow: [{ ping: {} }]
`
const flags: Readonly<Partial<Record<OverrideName, string>>> = {
  target: '--target',
  clients: '--clients',
  spawnRate: '--spawn-rate',
  rate: '--rate',
  duration: '--duration',
  seed: '--seed',
  thresholds: '--threshold',
}
const override = (values: Partial<Record<OverrideName, unknown>>): { overrides: PackOverrides } => ({
  overrides: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { where: flags[name as OverrideName] ?? name, value }]),
  ),
})

test('phases are read as Artillery writes them', () => {
  const { plan } = load(
    openPack(
      '[ { duration: 60, arrivalRate: 10, rampTo: 50, name: ramp }, { pause: 1m }, { duration: "30s", arrivalCount: 15, mode: poisson }, { duration: 2, arrivalRate: 0.5 }, { duration: 1, rampTo: 3 } ]',
    ),
  )
  expect(plan.model).toEqual({
    type: 'open',
    phases: [
      { name: 'ramp', durationMs: 60_000, rateStart: 10, rateEnd: 50, spacing: 'constant' },
      { name: 'phase 2', durationMs: 60_000, rateStart: 0, rateEnd: 0, spacing: 'constant' },
      { name: 'phase 3', durationMs: 30_000, rateStart: 0.5, rateEnd: 0.5, spacing: 'poisson' },
      { name: 'phase 4', durationMs: 2_000, rateStart: 0.5, rateEnd: 0.5, spacing: 'constant' },
      { name: 'phase 5', durationMs: 1_000, rateStart: 0, rateEnd: 3, spacing: 'constant' },
    ],
  })
})

test('arrivals may be spaced at random', () => {
  const { plan } = load(openPack('[ { duration: 1, arrivalRate: 1 } ]', '  squall: { spacing: poisson }\n'))
  expect(plan.model).toMatchObject({ phases: [{ spacing: 'poisson' }] })
})

test.each([
  ['[]', 'config.phases: found [], expected at least one phase'],
  ['{}', 'config.phases: found {}, expected a list of phases such as { duration: 60, arrivalRate: 10 }'],
  ['[ { duration: 5 } ]', 'expected one of arrivalRate, arrivalCount and pause'],
  ['[ { arrivalRate: 5 } ]', 'expected a duration'],
  ['[ { pause: 5, arrivalRate: 1 } ]', 'expected pause alone in its phase'],
  ['[ { duration: 5, arrivalCount: 5, rampTo: 1 } ]', 'expected arrivalCount, or arrivalRate with an optional rampTo, not both'],
  ['[ { duration: 5, arrivalRate: -1 } ]', 'config.phases[0].arrivalRate: found -1, expected arrivals per second of at least 0'],
  ['[ { duration: 5, arivalRate: 1 } ]', 'config.phases[0].arivalRate: expected a known key (did you mean arrivalRate?)'],
  [
    '[ { duration: 5, arrivalRate: 1, maxVusers: 0 } ]',
    'config.phases[0].maxVusers: found 0, expected a whole number of at least 1',
  ],
  [
    '[ { duration: 5, arrivalRate: 1, maxVusers: 5 }, { duration: 5, arrivalRate: 1 } ]',
    'expected the same maxVusers in every phase',
  ],
  ['[ { duration: 5, arrivalRate: 0 }, { pause: 5 } ]', 'config.phases: expected at least one arrival in all'],
  ['[ { duration: 1ms, arrivalCount: 9007199254740991 } ]', 'config.phases: expected at most 1,000,000 arrivals per second'],
  ['[ { duration: 20d, arrivalRate: 1 }, { pause: 20d } ]', 'config.phases: expected at most 24 days in all'],
])('phases %s are refused', (phases, problem) => {
  expect(problemsOf(openPack(phases))).toContainEqual(expect.stringContaining(problem))
})

test('options beat the pack', () => {
  const { plan, target } = load(
    rightPack,
    override({ target: 'https://h/mcp', clients: '3', spawnRate: '0.5', duration: '90', seed: '9', thresholds: ['p99<1s'] }),
  )
  expect(target).toBe('https://h/mcp')
  expect(plan).toMatchObject({
    model: { type: 'closed', clients: 3, spawnRatePerSecond: 0.5, durationMs: 90_000 },
    seed: 9,
    thresholds: ['p99<1s'],
  })
})

test.each([
  ['clients', '-3', '--clients: found "-3", expected a whole number of at least 1'],
  ['clients', '1.5', '--clients: found "1.5", expected a whole number of at least 1'],
  ['clients', '', '--clients: found "", expected a whole number of at least 1'],
  ['spawnRate', '0', '--spawn-rate: found "0", expected a number of clients per second above 0'],
  ['rate', 'fast', '--rate: found "fast", expected a number of arrivals per second above 0'],
  ['duration', '0s', '--duration: found "0s", expected a duration such as 60, "60s", "1m" or "500ms", above 0'],
  ['seed', '1e400', '--seed: found "1e400", expected a whole number of at least 0'],
  ['target', 'nowhere', '--target: found "nowhere", expected a whole URL that begins with http:// or https://'],
  ['target', '', '--target: found "", expected a URL such as http://127.0.0.1:3000/mcp'],
] satisfies [OverrideName, string, string][])('%s %j is refused by the name the user wrote', (name, value, problem) => {
  expect(problemsOf(rightPack, override({ [name]: value }))).toEqual([problem])
})

test('a wrong threshold on the command line is refused', () => {
  expect(problemsOf(rightPack, override({ thresholds: ['p95=5'] }))).toEqual([
    expect.stringMatching(/^--threshold: found "p95=5", expected an expression such as/),
  ])
})

test('a rate makes a closed pack open, for as long as the pack runs', () => {
  const steady = { name: 'steady', rateStart: 2.5, rateEnd: 2.5, spacing: 'constant' }
  expect(load(rightPack, override({ rate: 2.5 })).plan.model).toEqual({
    type: 'open',
    phases: [{ ...steady, durationMs: 60_000 }],
  })
  expect(load(rightPack, override({ rate: 2.5, duration: '5s' })).plan.model).toEqual({
    type: 'open',
    phases: [{ ...steady, durationMs: 5_000 }],
  })
  expect(load(openPack('[ { duration: 3, arrivalRate: 1 }, { pause: 4 } ]'), override({ rate: 2.5 })).plan.model).toEqual({
    type: 'open',
    phases: [{ ...steady, durationMs: 7_000 }],
  })
})

test('a number of clients makes an open pack closed, for as long as its phases', () => {
  const { model } = load(openPack('[ { duration: 3, arrivalRate: 1 }, { pause: 4 } ]'), override({ clients: 50 })).plan
  expect(model).toEqual({ type: 'closed', clients: 50, spawnRatePerSecond: 5, durationMs: 7_000 })
})

test('clients and a rate together are refused', () => {
  expect(problemsOf(rightPack, override({ clients: 1, rate: 1 }))).toEqual([
    '--clients and --rate: expected only one of them: a number of clients (closed model), or a rate of arrivals (open model)',
  ])
})

test('a spawn rate has no meaning where clients arrive by phases', () => {
  expect(problemsOf(openPack('[ { duration: 3, arrivalRate: 1 } ]'), override({ spawnRate: 1 }))).toEqual([
    expect.stringMatching(/^--spawn-rate: expected the closed model/),
  ])
})

test('a rate needs a duration from somewhere', () => {
  const pack = changed('    duration: 60s\n', '')
  expect(problemsOf(pack, override({ rate: 5 }))).toEqual([
    '--rate: expected a duration beside it, since the pack has none (add --duration 60s)',
  ])
})

test('an open pack needs phases', () => {
  expect(problemsOf(changed('clients: 20\n    spawnRate: 5', 'model: open'))).toEqual([
    expect.stringMatching(/config\.phases: expected phases, or config\.squall\.rate, as config\.squall\.model is open$/),
  ])
})

test('phases without a model are the open model, beside a number of clients only the duration', () => {
  expect(load(openPack('[ { duration: 3, arrivalRate: 1 } ]')).plan.model.type).toBe('open')
  expect(load(openPack('[ { duration: 3, arrivalRate: 1 } ]', '  squall: { clients: 4 }\n')).plan.model).toMatchObject({
    type: 'closed',
    clients: 4,
    durationMs: 3_000,
  })
})

test('another duration stretches an open pack and keeps its shape', () => {
  const duration = fc.integer({ min: 1, max: 1000 })
  const phases = fc.array(fc.record({ duration, arrivalRate: fc.integer({ min: 1, max: 100 }) }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(phases, duration, (phases, seconds) => {
      const { model } = load(openPack(JSON.stringify(phases)), override({ duration: seconds })).plan
      if (model.type !== 'open') throw new Error('not open')
      const total = phases.reduce((sum, phase) => sum + phase.duration, 0)
      expect(model.phases.reduce((sum, phase) => sum + phase.durationMs, 0)).toBeCloseTo(seconds * 1000)
      model.phases.forEach((phase, index) => {
        expect(phase.rateStart).toBe(phases[index]?.arrivalRate)
        expect(phase.durationMs / (seconds * 1000)).toBeCloseTo((phases[index]?.duration ?? 0) / total)
      })
    }),
    { numRuns: 30 },
  )
})

const shaped = (shape: string): ReturnType<typeof load>['plan']['model'] =>
  load(changed('spawnRate: 5', `shape: ${shape}`)).plan.model

test('a shape alone fills the duration, up to the number of clients', () => {
  expect(shaped('steps')).toMatchObject({
    type: 'closed',
    clients: 20,
    durationMs: 60_000,
    stages: [4, 8, 12, 16, 20].map((level, index) => ({ name: `step ${index + 1}`, durationMs: 12_000, from: level, to: level })),
  })
})

test('a shape takes options of its own', () => {
  expect(shaped('{ spike: { base: 2, lasts: 10s } }')).toMatchObject({
    stages: [
      { name: 'before', durationMs: 25_000, from: 2, to: 2 },
      { name: 'spike', durationMs: 10_000, from: 20, to: 20 },
      { name: 'after spike', durationMs: 25_000, from: 2, to: 2 },
    ],
  })
})

test('a spawn rate slows the rises of a shape down', () => {
  const { plan } = load(changed('spawnRate: 5', 'spawnRate: 1\n    shape: { steps: { levels: [10, 5] } }'))
  expect(plan.model).toMatchObject({
    clients: 10,
    stages: [
      { name: 'step 1', durationMs: 10_000, from: 0, to: 10 },
      { name: 'step 1', durationMs: 20_000, from: 10, to: 10 },
      { name: 'step 2', durationMs: 30_000, from: 5, to: 5 },
    ],
  })
})

test('a rate and a shape make an open pack, with a phase for each stage', () => {
  const { plan } = load(changed('clients: 20', 'rate: 50\n    maxClients: 100').replace('spawnRate: 5', 'shape: ramp'))
  expect(plan.model).toEqual({
    type: 'open',
    maxClients: 100,
    phases: [{ name: 'ramp up', durationMs: 60_000, rateStart: 0, rateEnd: 50, spacing: 'constant' }],
  })
})

test.each([
  ['stepps', 'a shape: one of steps, ramp, spike, soak, breakpoint, or a file such as ./my-shape.ts', 'did you mean steps?'],
  ['{ steps: { levels: [-1] } }', 'a number of at least 0', ''],
  ['{ steps: { cuont: 3 } }', 'one of the options levels, count, from', 'did you mean count?'],
  ['{ steps: {}, ramp: {} }', 'a shape: one of', ''],
  ['{ breakpoint: { growth: quick } }', 'linear or exponential', ''],
  ['7', 'a shape: one of', ''],
])('the shape %s is refused', (shape, expected, hint) => {
  const problems = problemsOf(changed('spawnRate: 5', `shape: ${shape}`))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(`expected ${expected}`)
  expect(problems[0]).toContain('config.squall.shape')
  expect(problems[0]).toContain(hint)
})

test('fixed counts of iterations are a number for each client, or for all of them', () => {
  expect(load(changed('spawnRate: 5', 'iterations: 3')).plan.model).toMatchObject({ iterationsPerClient: 3 })
  const both = load(changed('spawnRate: 5', 'iterations: { perClient: 3, total: 40 }')).plan.model
  expect(both).toMatchObject({ iterationsPerClient: 3, iterationsInTotal: 40 })
  expect(problemsOf(changed('spawnRate: 5', 'iterations: 0'))[0]).toContain('a whole number of at least 1')
})

test('a threshold may end the run early', () => {
  const { plan } = load(changed('spawnRate: 5', "thresholds: ['p95<1s', { expression: 'failed<50%', abort: true, after: 20s }]"))
  expect(plan).toMatchObject({
    thresholds: ['p95<1s', 'failed<50%'],
    aborts: [{ expression: 'failed<50%', afterMs: 20_000 }],
  })
  expect(problemsOf(changed('spawnRate: 5', 'thresholds: { expression: failed }'))[0]).toContain('a list of thresholds')
  expect(problemsOf(changed('spawnRate: 5', 'thresholds: [{ expression: failed<1%, abrot: true }]'))[0]).toContain(
    'expected one of the keys expression, abort, after',
  )
  expect(problemsOf(changed('spawnRate: 5', 'thresholds: [{ expression: faild<1% }]'))[0]).toContain('did you mean failed?')
})

test.each(['calls>=100', 'tool.echo.calls>1', 'droppedStarts>=1', 'failed>3'])(
  '%s would end any run at once, so it may be a threshold but end none',
  (expression) => {
    const problems = problemsOf(changed('spawnRate: 5', `thresholds: [{ expression: '${expression}', abort: true }]`))
    expect(problems[0]).toContain('no lower bound of a total')
    expect(load(changed('spawnRate: 5', `thresholds: ['${expression}', 'calls<9']`)).plan.thresholds[0]).toBe(expression)
  },
)

test('exactly so many clients may run a scenario', () => {
  expect(load(changed('engine: mcp', 'engine: mcp\n    clients: 2')).plan.scenarios[0]).toMatchObject({ fixedClients: 2 })
})

test('what is wrong with phases is all that is told of them, and not that the pack has none', () => {
  expect(problemsOf(openPack('[ { duration: 5, arivalRate: 1 } ]')).map((line) => line.replace(/^\d+:\d+ /, ''))).toEqual([
    'config.phases[0].arivalRate: expected a known key (did you mean arrivalRate?)',
    'config.phases[0]: found {"duration":5,"arivalRate":1}, expected one of arrivalRate, arrivalCount and pause',
  ])
})

test("Artillery's maxVusers is the limit of a run, pauses aside, unless the pack says another", () => {
  const phases = '[ { duration: 5, arrivalRate: 1, maxVusers: 7 }, { pause: 1 }, { duration: 5, arrivalRate: 2, maxVusers: 7 } ]'
  expect(load(openPack(phases)).plan.model).toMatchObject({ maxClients: 7 })
  expect(load(openPack(phases, '  squall: { maxClients: 9 }\n')).plan.model).toMatchObject({ maxClients: 9 })
})

const others = (squall: string): string[] => problemsOf(changed('clients: 20', `clients: 20\n    ${squall}`))
const closedWords = 'expected the open model: in the closed one, clients make the load'

test('what belongs to the other model is refused instead of doing nothing', () => {
  expect(others('rate: 5')).toEqual([`6:5 config.squall.rate: found 5, ${closedWords}`])
  expect(others('spacing: poisson')).toEqual([`6:5 config.squall.spacing: found "poisson", ${closedWords}`])
  const words = 'expected the closed model: in the open one, arrivals make the load'
  const phases = '[ { duration: 5, arrivalRate: 1 } ]'
  expect(problemsOf(openPack(phases, '  squall: { model: open, clients: 5, spawnRate: 2, rate: 3 }\n'))).toEqual([
    `4:26 config.squall.clients: found 5, ${words}`,
    `4:38 config.squall.spawnRate: found 2, ${words}`,
    '4:52 config.squall.rate: found 3, expected a rate, or config.phases, not both',
  ])
  // Whoever turns the model by an option leaves what the pack says of the other one.
  expect(load(rightPack, override({ rate: 3 })).plan.model.type).toBe('open')
})

const scenario = (keys: string): string => `  - { engine: mcp, ${keys}, flow: [ { ping: {} } ] }\n`

const clients = (count: number): string => changed('- engine: mcp', `- engine: mcp\n    clients: ${count}`)

test('scenarios whose clients would never come to be are refused', () => {
  expect(problemsOf(clients(30))).toEqual([
    '10:5 scenarios[0].clients: found 30, expected at most 20: those that are left of the 20 of config.squall.clients',
  ])
  expect(problemsOf(clients(15) + scenario('clients: 6'))).toEqual([
    '13:20 scenarios[1].clients: found 6, expected at most 5: those that are left of the 20 of config.squall.clients',
  ])
  expect(problemsOf(clients(20) + scenario('weight: 2'))).toEqual([
    '13:5 scenarios[1]: expected clients left for it: those of the other scenarios are all there are',
  ])
  expect(problemsOf(openPack('[ { duration: 5, arrivalRate: 1 } ]') + scenario('clients: 3'))).toEqual([
    '7:20 scenarios[1].clients: found 3, expected a weight: arrivals of the open model are shared out by weight',
  ])
  expect(load(clients(15) + scenario('weight: 2')).plan.scenarios).toHaveLength(2)
  // A number of clients on the command line takes what it gets.
  expect(load(clients(15), override({ clients: 5 })).plan.model).toMatchObject({ clients: 5 })
})
