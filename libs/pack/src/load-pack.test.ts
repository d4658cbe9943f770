import { expect, test } from 'vitest'
import { loadPack } from './index.ts'
import { changed, load, problemsOf, rightPack, writePack } from './test/write-pack.ts'

const exactly = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}$`)
const scenarios = `scenarios:
  - engine: mcp
    flow: [{ ping: {} }]
`

test('a closed pack becomes a plan with everything it leaves out filled in', () => {
  const { plan, target, notes } = load(rightPack)
  expect(target).toBe('http://127.0.0.1:3000/mcp')
  expect(notes).toEqual([])
  expect(plan).toEqual({
    version: 1,
    name: 'trial',
    seed: 1,
    model: { type: 'closed', clients: 20, spawnRatePerSecond: 5, durationMs: 60_000 },
    scenarios: [
      {
        name: 'scenario 1',
        weight: 1,
        client: { clientKind: 'http_client', transport: 'streamable-http', protocolVersion: 'auto', headers: {} },
        flow: [{ callTool: { name: 'echo' } }],
      },
    ],
    payloads: [],
    variables: {},
    requestTimeoutMs: 30_000,
    maxLagMs: 30_000,
    warmUpMs: 0,
    thresholds: ['failed<1%'],
  })
})

test('everything a pack may say arrives in the plan', () => {
  const { plan } = load(
    `config:
  target: http://127.0.0.1:3000/mcp
  mcp: { clientKind: cursor, protocolVersion: "2025-06-18", headers: { a: "1", b: "2" }, timeout: 5s }
  variables: { limit: [5, 10], text: hello }
  squall: { model: closed, clients: 3, duration: 1m, seed: 7, warmUp: 5s, maxLag: 500ms, thresholds: [ "p95<500ms", "tool.echo.failed<2%" ] }
scenarios:
  - { name: asker, engine: mcp, weight: 3, mcp: { clientKind: vscode, headers: { b: "3" } }, flow: [ { callTool: { name: echo } } ] }
`,
  )
  expect(plan).toMatchObject({
    seed: 7,
    model: { clients: 3, spawnRatePerSecond: 1, durationMs: 60_000 },
    requestTimeoutMs: 5_000,
    warmUpMs: 5_000,
    maxLagMs: 500,
    variables: { limit: [5, 10], text: 'hello' },
    thresholds: ['p95<500ms', 'tool.echo.failed<2%'],
  })
  expect(plan.scenarios[0]).toMatchObject({
    name: 'asker',
    weight: 3,
    client: { clientKind: 'vscode', protocolVersion: '2025-06-18', headers: { a: '1', b: '3' } },
  })
})

test('a pack in JSON is a pack', () => {
  const json = { config: { squall: { clients: 1, duration: 1 } }, scenarios: [{ engine: 'mcp', flow: [{ ping: {} }] }] }
  const path = writePack(JSON.stringify(json), {}, 'mine.json')
  expect(loadPack({ path, processEnvironment: {} }).plan.name).toBe('mine')
})

test('a pack is known by its folder, whose path is enough', () => {
  const path = writePack(rightPack).replace(/\/pack\.yml$/, '')
  expect(loadPack({ path, processEnvironment: {} }).plan.name).toBe('trial')
})

test('a pack that does not exist, or a folder without one, is said so', () => {
  expect(() => loadPack({ path: '/nowhere/pack.yml', processEnvironment: {} })).toThrow(
    expect.objectContaining({ code: 'PACK_NOT_FOUND', exitCode: 2, message: 'there is no pack at /nowhere/pack.yml' }) as Error,
  )
  const folder = writePack(rightPack, {}, 'other.yml').replace(/\/other\.yml$/, '')
  expect(() => loadPack({ path: folder, processEnvironment: {} })).toThrow(/holds no pack\.yml/)
})

test('a text that is not YAML is refused with every place', () => {
  const broken = 'config: { target: "x\nscenarios: [\n'
  expect(() => load(broken)).toThrow(expect.objectContaining({ code: 'PACK_UNREADABLE', exitCode: 2 }) as Error)
  expect(problemsOf(broken)[0]).toMatch(/^\d+:\d+: expected well-formed YAML or JSON \(.+\)$/)
})

test.each([
  ['an alias that names nothing', 'config: *nothing\nscenarios: []\n', 'Unresolved alias'],
  ['aliases that grow beyond measure', growingAliases(6), 'Excessive alias count'],
])('%s is refused as bad input', (_, text, says) => {
  const refusal = { code: 'PACK_UNREADABLE', exitCode: 2, message: expect.stringContaining(says) as string }
  expect(() => load(text)).toThrow(expect.objectContaining(refusal) as Error)
})

test('a key twice in one mapping is refused', () => {
  expect(problemsOf(`${rightPack}config: {}\n`)).toEqual([expect.stringMatching(/well-formed.*unique/)])
})

test.each([
  ['', ['1:1: expected a mapping with config and scenarios']],
  ['just text', ['1:1: found "just text", expected a mapping with config and scenarios']],
  [
    'config: []\nscenarios: {}',
    [
      '1:1 config: found [], expected a mapping',
      '2:1 scenarios: found {}, expected a list of at least one scenario',
      '1:1 config.squall.clients: expected a number of clients, or config.phases for the open model',
      '1:1 config.squall.duration: expected a duration such as "60s"',
    ],
  ],
])('%j is no pack', (text, problems) => {
  expect(problemsOf(text)).toEqual(problems)
})

test.each([
  ['clients: 20', 'clients: -3', '5:5 config.squall.clients: found -3, expected a whole number of at least 1'],
  ['clients: 20', 'clients: 1e9', '5:5 config.squall.clients: found 1000000000, expected at most 1,000,000'],
  ['spawnRate: 5', 'spawnRate: 1e7', '6:5 config.squall.spawnRate: found 10000000, expected at most 1,000,000'],
  ['duration: 60s', 'duration: 1e12', '7:5 config.squall.duration: found 1000000000000, expected at most 24 days'],
  ['duration: 60s', 'duration: 60s\n    warmUp: 100d', '8:5 config.squall.warmUp: found "100d", expected at most 24 days'],
  [
    'duration: 60s',
    'duration: 60s\n    shape: { steps: { levels: [1e9] } }',
    '8:5 config.squall.shape: expected a shape of at most 1,000,000 clients',
  ],
  ['clients: 20', 'clients: 2.5', '5:5 config.squall.clients: found 2.5, expected a whole number of at least 1'],
  ['clients: 20', 'clients: many', '5:5 config.squall.clients: found "many", expected a whole number of at least 1'],
  ['clients: 20', 'cleints: 20', '5:5 config.squall.cleints: expected a known key (did you mean clients?)'],
  ['spawnRate: 5', 'spawnRate: 0', '6:5 config.squall.spawnRate: found 0, expected a number of clients per second above 0'],
  [
    'duration: 60s',
    'duration: soon',
    '7:5 config.squall.duration: found "soon", expected a duration such as 60, "60s", "1m" or "500ms", above 0',
  ],
  [
    'duration: 60s',
    'duration: 0',
    '7:5 config.squall.duration: found 0, expected a duration such as 60, "60s", "1m" or "500ms", above 0',
  ],
  [
    'duration: 60s',
    'duration: 60s\n    warmUp: -1',
    '8:5 config.squall.warmUp: found -1, expected a duration such as 60, "60s", "1m" or "500ms"',
  ],
  ['duration: 60s', 'duration: 60s\n    seed: -1', '8:5 config.squall.seed: found -1, expected a whole number of at least 0'],
  ['duration: 60s', 'duration: 60s\n    model: both', '8:5 config.squall.model: found "both", expected one of closed, open'],
  [
    'duration: 60s',
    'duration: 60s\n    thresholds: 5',
    '8:5 config.squall.thresholds: found 5, expected a list of thresholds such as "p95<500ms"',
  ],
  ['engines: { mcp: {} }', 'phasess: []', '3:3 config.phasess: expected a known key (did you mean phases?)'],
  [
    'engines: { mcp: {} }',
    'mcp: { clientKind: cursr }',
    /^3:10 config\.mcp\.clientKind: found "cursr", expected one of the client kinds .* \(did you mean cursor\?\)$/,
  ],
  [
    'engines: { mcp: {} }',
    'mcp: { transport: http }',
    '3:10 config.mcp.transport: found "http", expected one of streamable-http, websocket, stdio, sse',
  ],
  [
    'engines: { mcp: {} }',
    'mcp: { headers: [] }',
    '3:10 config.mcp.headers: found [], expected a mapping of header names to text',
  ],
  ['engines: { mcp: {} }', 'mcp: { header: {} }', '3:10 config.mcp.header: expected a known key (did you mean headers?)'],
  ['engines: { mcp: {} }', 'variables: 5', '3:3 config.variables: found 5, expected a mapping of names to values'],
  [
    '- engine: mcp',
    '- engine: http',
    '9:5 scenarios[0].engine: found "http", expected the engine mcp, since Squall drives MCP servers alone',
  ],
  ['- engine: mcp', '- wieght: 2\n    engine: mcp', '9:5 scenarios[0].wieght: expected a known key (did you mean weight?)'],
  ['- engine: mcp', '- weight: 0\n    engine: mcp', '9:5 scenarios[0].weight: found 0, expected a number above 0'],
  ['- callTool: { name: echo }', '- callTool: { nmae: echo }', /^11:\d+ scenarios\[0\]\.flow\[0\]\.callTool/],
  [
    'target: http://127.0.0.1:3000/mcp',
    'target: localhost:3000',
    '2:3 config.target: found "localhost:3000", expected a whole URL that begins with http:// or https://',
  ],
  [
    'target: http://127.0.0.1:3000/mcp',
    'target: 5',
    '2:3 config.target: found 5, expected a URL such as http://127.0.0.1:3000/mcp',
  ],
])('%s as %s is one clear problem', (from, to, problem) => {
  const pattern = typeof problem === 'string' ? exactly(problem) : problem
  expect(problemsOf(changed(from, to))).toContainEqual(expect.stringMatching(pattern))
})

test('a wrong value is the only problem it makes', () => {
  expect(problemsOf(changed('clients: 20', 'clients: -3'))).toHaveLength(1)
  expect(problemsOf(changed('- engine: mcp', '- engine: mcp\n    wieght: 2'))).toHaveLength(1)
})

test('all problems are told at once, wherever they are', () => {
  const problems = problemsOf(
    `confg: {}
config:
  targt: x
  mcp: { clientKind: martian }
  payload: { path: missing.csv, fields: [a] }
  squall: { clients: 0, duration: never, thresholds: [ "p95<fast" ] }
scenarios:
  - engine: mcp
    flow: [ { pnig: {} } ]
  - engine: mcp
    weight: heavy
    flow: [ { ping: {} } ]
`,
    { overrides: { seed: { where: '--seed', value: 'x' } } },
  )
  const places = problems.map((line) => line.replace(/: .*$/, ''))
  expect(places.toSorted()).toEqual(
    [
      '--seed',
      '1:1 confg',
      '3:3 config.targt',
      '4:10 config.mcp.clientKind',
      '5:14 config.payload.path',
      '6:13 config.squall.clients',
      '6:25 config.squall.duration',
      '6:56 config.squall.thresholds[0]',
      '9:13 scenarios[0].flow[0]',
      '11:5 scenarios[1].weight',
    ].toSorted(),
  )
})

test('a scenario without a flow is a problem', () => {
  expect(problemsOf('config: { squall: { clients: 1, duration: 1 } }\nscenarios: [ { engine: mcp } ]')).toEqual([
    '2:14 scenarios[0].flow: expected a list of steps',
  ])
})

test('a credential in a header is never shown', () => {
  const problems = problemsOf(changed('engines: { mcp: {} }', 'mcp: { headers: { authorization: [ "Bearer hunter2" ] } }'))
  expect(problems).toEqual(['3:21 config.mcp.headers.authorization: expected the text of a header'])
})

test.each([
  ['"bad name": x', 'bad name', 'the name of a header: letters, digits and "-", without spaces'],
  ['Content-Length: 5', 'Content-Length', 'another header: clients set Content-Length themselves'],
  ['x: "hunter2\\r\\ny: z"', 'x', 'text of one line, without letters beyond ASCII'],
  ['x: "hunter2 ü"', 'x', 'text of one line, without letters beyond ASCII'],
  ['x: "{{ 5x }}"', 'x', expect.stringContaining('a variable such as {{ name }}') as string],
])('a header that cannot be sent is refused before there is load, without its value: %s', (written, name, expected) => {
  const run = (): unknown => load(changed('engines: { mcp: {} }', `mcp: { headers: { ${written} } }`))
  const where = expect.stringMatching(new RegExp(`config\\.mcp\\.headers\\.${name}$`)) as string
  expect(run).toThrow(expect.objectContaining({ problems: [{ where, expected }] }))
})

test('one header under two spellings is refused', () => {
  expect(problemsOf(changed('engines: { mcp: {} }', 'mcp: { headers: { X-A: "1", x-a: "2" } }'))).toEqual([
    '3:21 config.mcp.headers.X-A: expected each header once: it stands there as x-a too',
    '3:31 config.mcp.headers.x-a: expected each header once: it stands there as X-A too',
  ])
})

test('a broken threshold says how to write one', () => {
  expect(problemsOf(changed('duration: 60s', 'duration: 60s\n    thresholds: [ "p95<500ms", "p42x<1s" ]'))).toEqual([
    expect.stringMatching(
      /^8:32 config\.squall\.thresholds\[1]: found "p42x<1s", expected an expression such as p95<500ms.*\(p42x is not a metric/,
    ),
  ])
})

test('the engine may be named once for all scenarios', () => {
  expect(
    load(changed('- engine: mcp', '- name: one').replace('  engines:', '  engine: mcp\n  engines:')).plan.scenarios[0]?.name,
  ).toBe('one')
})

test('keys of stock Artillery, and of its plugins and engines, are accepted', () => {
  const config = `config:
  target: http://127.0.0.1:3000/mcp
  engines: { mcp: {}, playwright: {} }
  playwright: { headless: true }
  plugins: { ensure: {}, metrics-by-endpoint: {}, expect: {}, publish-metrics: [] }
  ensure: { thresholds: [ { "vusers.failed": 1 } ] }
  expect: { reportFailuresAsErrors: true }
  processor: ./functions.js
  defaults: { headers: {} }
  http: { timeout: 10 }
  tls: { rejectUnauthorized: false }
  includeFiles: [ a.js ]
  phases: [ { duration: 10, arrivalRate: 1 } ]
  environments: { staging: { target: http://10.0.0.1/mcp, phases: [ { duration: 1, arrivalRate: 1 } ] } }
before: { flow: [] }
`
  const { notes } = load(config + scenarios)
  expect(notes).toEqual([
    'before is run by stock Artillery alone',
    'config.processor is loaded by stock Artillery alone',
    'config.ensure is judged by stock Artillery alone; Squall judges config.squall.thresholds',
  ])
})

test('hooks that only stock Artillery calls are told of', () => {
  expect(load(changed('- engine: mcp', '- engine: mcp\n    beforeScenario: [ login ]')).notes).toEqual([
    'beforeScenario is called by stock Artillery alone',
  ])
})

const withCall = (call: string): string =>
  changed('- callTool: { name: echo }', `- loop: [{ callTool: ${call} }]\n        count: 2`)

test("what only a plugin of stock Artillery judges is told of, but arguments are the user's own", () => {
  expect(load(withCall('{ name: echo, expect: { statusCode: 200 } }')).notes).toEqual([
    'expect is judged by stock Artillery alone; Squall judges match',
  ])
  expect(load(withCall('{ name: echo, arguments: { expect: 1 } }')).notes).toEqual([])
})

test('an environment is laid over the rest, and its problems are shown where they stand', () => {
  const pack = changed(
    'engines: { mcp: {} }',
    `mcp: { clientKind: cursor, headers: { a: "1" } }
  environments:
    staging: { target: "http://10.0.0.1/mcp", squall: { clients: 5 }, mcp: { headers: { b: "2" } } }
    broken: { squall: { clients: none } }`,
  )
  expect(load(pack, { environment: 'staging' })).toMatchObject({
    target: 'http://10.0.0.1/mcp',
    plan: {
      model: { clients: 5, durationMs: 60_000 },
      scenarios: [{ client: { clientKind: 'cursor', headers: { a: '1', b: '2' } } }],
    },
  })
})

test('an unknown key in any environment is a problem, a wrong value in the chosen one', () => {
  const pack = changed(
    'engines: { mcp: {} }',
    `environments:
    broken: { squall: { clients: none }, tagret: x }`,
  )
  expect(problemsOf(pack)).toEqual(['4:42 config.environments.broken.tagret: expected a known key (did you mean target?)'])
  expect(problemsOf(pack, { environment: 'broken' })).toContainEqual(
    '4:25 config.environments.broken.squall.clients: found "none", expected a whole number of at least 1',
  )
})

test('an environment that the pack does not have is named with those it has', () => {
  expect(problemsOf(rightPack, { environment: 'prod' })).toEqual([
    '--env: found "prod", expected no environment, since the pack has none',
  ])
  const pack = changed('engines: { mcp: {} }', 'environments: { dev: {}, staging: {} }')
  expect(problemsOf(pack, { environment: 'prod' })).toEqual([
    '--env: found "prod", expected one of the environments dev, staging',
  ])
})

test('an environment is a mapping', () => {
  expect(problemsOf(changed('engines: { mcp: {} }', 'environments: { dev: 5 }'))).toEqual([
    '3:19 config.environments.dev: found 5, expected a mapping such as config itself',
  ])
})

test('environment variables are put in, in the configuration and in flows', () => {
  const pack = changed('clients: 20', 'clients: "{{ $env.CLIENTS }}"')
    .replace(
      'engines: { mcp: {} }',
      'variables: { other: 1 }\n  mcp: { headers: { authorization: "Bearer {{ $processEnvironment.TOKEN }}" } }',
    )
    .replace('name: echo', 'name: "{{ $env.TOOL }}", arguments: { text: "{{ other }}" }')
  const { plan } = load(pack, { processEnvironment: { CLIENTS: '7', TOKEN: 'abc', TOOL: 'echo' } })
  expect(plan.model).toMatchObject({ clients: 7 })
  expect(plan.scenarios[0]).toMatchObject({
    client: { headers: { authorization: 'Bearer abc' } },
    flow: [{ callTool: { name: 'echo', arguments: { text: '{{ other }}' } } }],
  })
})

test('an environment variable that is not set is a problem where it is used', () => {
  expect(problemsOf(changed('name: echo', 'name: "{{ $env.TOOL }}"'))).toEqual([
    '11:21 scenarios[0].flow[0].callTool.name: found "{{ $env.TOOL }}", expected the environment variable TOOL to be set',
  ])
})

test('a target that is overridden need not make sense in the pack', () => {
  const pack = changed('target: http://127.0.0.1:3000/mcp', 'target: "{{ $env.URL }}"')
  expect(problemsOf(pack)).toHaveLength(2)
  const overrides = { target: { where: '--target', value: 'http://127.0.0.1:9/mcp' } }
  expect(load(pack, { overrides }).target).toBe('http://127.0.0.1:9/mcp')
})

test('the pack may say that Squall starts its own server, whatever the target is for Artillery', () => {
  const pack = changed('clients: 20', 'clients: 20\n    target: embedded')
  expect(load(pack).target).toBeUndefined()
  expect(load(pack, { overrides: { target: { where: '--target', value: 'http://h/mcp' } } }).target).toBe('http://h/mcp')
  expect(load(changed('clients: 20', 'clients: 20\n    target: http://h/mcp')).target).toBe('http://h/mcp')
  expect(problemsOf(changed('clients: 20', 'clients: 20\n    target: embeded'))).toEqual([
    '6:5 config.squall.target: found "embeded", expected a whole URL that begins with http:// or https://',
  ])
})

test('a pack without a target leaves it to the caller', () => {
  expect(load(changed('  target: http://127.0.0.1:3000/mcp\n', '')).target).toBeUndefined()
})

test('a command line is a target where all clients speak over stdio', () => {
  const pack = changed('target: http://127.0.0.1:3000/mcp', 'target: node server.js').replace(
    'engines: { mcp: {} }',
    'mcp: { transport: stdio }',
  )
  expect(load(pack).target).toBe('node server.js')
})

test('a warm-up that leaves nothing to measure is refused, however long the run was meant to be', () => {
  expect(problemsOf(changed('clients: 20', 'clients: 20\n    warmUp: 1h'))).toEqual([
    expect.stringMatching(/warm-up shorter than the run/),
  ])
})

test('an address of sockets is a target where all clients speak over WebSockets, and only there', () => {
  const pack = changed('target: http://127.0.0.1:3000/mcp', 'target: ws://127.0.0.1:3000/mcp')
  expect(load(pack.replace('engines: { mcp: {} }', 'mcp: { transport: websocket }')).target).toBe('ws://127.0.0.1:3000/mcp')
  expect(problemsOf(pack)).toEqual([expect.stringContaining('a whole URL that begins with http:// or https://')])
})

/** Lists of nine aliases to the list before, so many deep: a few bytes that mean millions of values. */
function growingAliases(depth: number): string {
  const levels = Array.from(
    { length: depth },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`,
  )
  return ['l0: &l0 [x]', ...levels].join('\n')
}
