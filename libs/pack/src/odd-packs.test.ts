// Packs that are well-formed, or nearly, and mean something else than their author thinks.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { loadPack } from './index.ts'
import { changed, load, problemsOf, rightPack } from './test/write-pack.ts'

function writeBytes(bytes: Uint8Array): string {
  const directory = temporaryDirectory(onTestFinished)
  writeFileSync(join(directory, 'pack.yml'), bytes)
  return directory
}

test.each<[string, BufferEncoding, string]>([
  ['with a mark', 'utf16le', '\uFEFF'],
  ['without a mark', 'utf16le', ''],
  ['and an umlaut', 'latin1', '# \u00e4\n'],
])('a pack in another encoding %s is refused as that', (_, encoding, before) => {
  const path = writeBytes(Buffer.from(before + rightPack, encoding))
  expect(() => loadPack({ path, processEnvironment: {} })).toThrow(
    expect.objectContaining({
      code: 'PACK_UNREADABLE',
      exitCode: 2,
      message: expect.stringContaining('UTF-8') as string,
    }) as Error,
  )
})

const onWindows = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`

test('a mark of UTF-8 and line ends of Windows change nothing, and places stay right', () => {
  expect(load(onWindows(rightPack)).plan).toEqual(load(rightPack).plan)
  expect(problemsOf(onWindows(changed('clients: 20', 'clients: x')))).toEqual([
    '5:5 config.squall.clients: found "x", expected a whole number of at least 1',
  ])
})

test("merge keys and an author's own x- keys mean what they mean to Artillery", () => {
  const pack = `x-usual: &usual { clients: 3, duration: 5s }
config:
  target: http://127.0.0.1:3000/mcp
  x-note: nobody reads this
  squall: { <<: *usual, spawnRate: 2 }
scenarios:
  - engine: mcp
    flow: [{ callTool: { name: echo, arguments: &text { text: hi } } }, { callTool: { name: echo, arguments: { <<: *text, n: 1 } } }]
`
  const { plan } = load(pack)
  expect(plan.model).toMatchObject({ clients: 3, durationMs: 5_000, spawnRatePerSecond: 2 })
  expect(plan.scenarios[0]?.flow[1]).toEqual({ callTool: { name: 'echo', arguments: { text: 'hi', n: 1 } } })
})

test('an alias within itself is refused', () => {
  expect(() => load(changed('engines: { mcp: {} }', 'variables: &own { a: [*own] }'))).toThrow(
    expect.objectContaining({
      code: 'PACK_UNREADABLE',
      exitCode: 2,
      message: expect.stringContaining('alias') as string,
    }) as Error,
  )
})

test.each([
  ['arguments: { a: !secret x }', /well-formed.*Unresolved tag: !secret/],
  ['arguments: { a: !!set { x, y } }', /well-formed.*Unresolved tag/],
  ['arguments: { a: !!binary aGk= }', /well-formed.*Unresolved tag/],
  ['arguments: { ? [a, b] : c }', /a text as key \(lists and mappings are no keys\)/],
  [`arguments: { a: ${'['.repeat(3_000)}${']'.repeat(3_000)} }`, /nested too deeply/],
])('%.40s is no plain data', (written, problem) => {
  expect(problemsOf(changed('name: echo', `name: echo, ${written}`))[0]).toMatch(problem)
})

test('a pack is one document', () => {
  expect(problemsOf(`${rightPack}---\n${rightPack}`)[0]).toMatch(/one document/)
})

test('a date is text, whatever version of YAML the pack says it is', () => {
  const { plan } = load(`%YAML 1.1\n---\n${changed('name: echo', 'name: echo, arguments: { day: 2026-01-02, yes: no }')}`)
  expect(plan.scenarios[0]?.flow).toEqual([{ callTool: { name: 'echo', arguments: { day: '2026-01-02', yes: 'no' } } }])
})

test('two scenarios of one name are refused, since one would run in the place of both', () => {
  const second = '  - { engine: mcp, name: NAME, flow: [ { ping: {} } ] }\n'
  expect(problemsOf(changed('- engine: mcp', '- name: a\n    engine: mcp') + second.replace('NAME', 'a'))).toEqual([
    '13:20 scenarios[1].name: found "a", expected a name of its own: scenarios[0] has it already',
  ])
  // The name that a scenario without one gets.
  expect(problemsOf(rightPack + second.replace('NAME', 'scenario 1'))).toHaveLength(1)
})

test.each(['constructor', '__proto__', 'toString'])('--env %s is no environment, though every object has one', (environment) => {
  expect(problemsOf(rightPack, { environment })).toEqual([
    `--env: found "${environment}", expected no environment, since the pack has none`,
  ])
})

test('what an environment lays over the rest is nothing but its own keys', () => {
  const pack = changed('engines: { mcp: {} }', 'environments: { dev: { variables: { __proto__: { a: 1 } } } }')
  expect(problemsOf(pack, { environment: 'dev' })).toEqual([
    expect.stringMatching(/variables\.__proto__: expected another name, which not every object has$/),
  ])
})

test.each([
  ['environments: []', 'config.environments: found [], expected a mapping of names to environments'],
  [
    'variables: { city: [] }',
    'config.variables.city: found [], expected a list of at least one value: each client takes one of them',
  ],
  ['variables: { city: .nan }', 'config.variables.city: found null, expected a value that JSON knows'],
  ['processor: 5', 'config.processor: found 5, expected the path of a module'],
])('%s is a mistake', (written, problem) => {
  expect(problemsOf(changed('engines: { mcp: {} }', written)).map((line) => line.replace(/^\S+ /, ''))).toEqual([problem])
})

test.each([
  ['weight: 1e308', 'scenarios[0].weight: found 1e+308, expected at most 1,000,000'],
  ['weight: .inf', 'scenarios[0].weight: found null, expected a number above 0'],
])('%s of a scenario is a mistake', (written, problem) => {
  expect(problemsOf(changed('- engine: mcp', `- engine: mcp\n    ${written}`)).map((line) => line.replace(/^\S+ /, ''))).toEqual([
    problem,
  ])
})

test.each([
  ['iterations: {}', 'config.squall.iterations: found {}, expected perClient, total or both'],
  ['shape: { steps: { levels: [0, 0] } }', 'config.squall.shape: expected a shape with clients'],
])('%s is a mistake of config.squall', (written, problem) => {
  expect(problemsOf(changed('duration: 60s', `duration: 60s\n    ${written}`)).map((line) => line.replace(/^\S+ /, ''))).toEqual([
    problem,
  ])
})

test('a list of thresholds without any states none, and the usual one holds', () => {
  expect(load(changed('duration: 60s', 'duration: 60s\n    thresholds: []')).plan.thresholds).toEqual(['failed<1%'])
})

test('shares and flags may be text, since they may come out of environment variables', () => {
  const cycle = '{ abandon: "{{ $env.SHARE }}", holdStream: "true", weight: "3" }'
  const { plan } = load(changed('engines: { mcp: {} }', `mcp: { lifeCycle: ${cycle} }`), {
    processEnvironment: { SHARE: '0.25' },
  })
  expect(plan.scenarios[0]?.client.lifeCycles).toEqual([{ weight: 3, abandonRatio: 0.25, holdsStream: true }])
})

test('functions of a default export are found, as stock Artillery finds them', () => {
  const pack = changed('engines: { mcp: {} }', 'processor: ./own.mjs').replace(
    '- callTool',
    '- function: prepare\n      - callTool',
  )
  const files = { 'own.mjs': 'export default { prepare() {} }' }
  expect(load(pack, { files }).plan.processor).toMatch(/own\.mjs$/)
})

test('a whole number with more digits than a number holds is refused where it would be sent, as it would be sent as another one', () => {
  const expected = 'a whole number of at most 15 digits, or a longer one as text in quotes'
  const pack = changed(
    'name: echo',
    'name: echo, arguments: { ids: [12345678901234567890], text: "12345678901234567890" }',
  ).replace('engines: { mcp: {} }', 'variables: { id: -98765432109876543210 }')
  expect(problemsOf(pack)).toEqual([
    `3:16 config.variables.id: found "-98765432109876543210", expected ${expected}`,
    `11:52 scenarios[0].flow[0].callTool.arguments.ids[0]: found "12345678901234567890", expected ${expected}`,
  ])
})

const withThreshold = (threshold: string): string => changed('duration: 60s', `duration: 60s\n    thresholds: [ '${threshold}' ]`)
const of = (words: string): RegExp => new RegExp(`^8:19 config\\.squall\\.thresholds\\[0]: found ".*", expected ${words}$`)

test.each([
  ['tool.ehco.p95<1s', of('a threshold of one of the tools that the pack calls: echo \\(did you mean echo\\?\\)')],
  [
    'kind.htp_client.failed<1%',
    of('a threshold of one of the client kinds of the pack: http_client \\(did you mean http_client\\?\\)'),
  ],
  ['transport.stdio.failed<1%', of('a threshold of one of the transports of the pack: streamable-http')],
  ['method.tool/list.p95<1s', of('a threshold of one of the methods of MCP: .* \\(did you mean tools/list\\?\\)')],
  ['phase.peak.p95<1s', of('no threshold of phases of the pack: there are none')],
])('%s could not be measured, and is refused before there is load', (threshold, problem) => {
  expect(problemsOf(withThreshold(threshold))).toEqual([expect.stringMatching(problem)])
})

test('what only the run will tell is left to it', () => {
  expect(load(withThreshold('tool.add.p95<1s').replace('name: echo', 'name: "{{ $randomString() }}"')).notes).toEqual([])
  const own = withThreshold('tool.add.p95<1s').replace('- callTool', '- function: own\n      - callTool')
  expect(
    load(own.replace('engines: { mcp: {} }', 'processor: ./own.cjs'), { files: { 'own.cjs': 'exports.own = () => 1' } }).notes,
  ).toEqual([])
})

test('a phase that an option took away is told of', () => {
  const pack = withThreshold('phase.ramp up.p95<1s').replace('duration: 60s', 'duration: 60s\n    shape: ramp')
  expect(load(pack).notes).toEqual([])
  const overrides = { rate: { where: '--rate', value: 5 } }
  expect(load(pack.replace('shape: ramp', 'model: closed'), { overrides }).notes).toEqual([
    'phase.ramp up.p95<1s: the run has no phase ramp up, since an option says how load is made',
  ])
})

test.each([
  [
    '{ loop: [ { ping: {} } ], count: 0 }',
    'count: found 0, expected a whole number of at least 1, -1 for no end, a range such as "1-15", or a template',
  ],
  ['{ loop: [ { ping: {} } ], count: "5-1" }', 'count: found "5-1", expected a range that goes up'],
  [
    '{ loop: [ { ping: {} } ], count: 3, over: [1] }',
    'count: found 3, expected no count beside over or whileTrue, which say how often',
  ],
  ['{ mix: [ { weight: 1e308, ping: {} } ] }', 'mix[0].weight: found 1e+308, expected at most 1,000,000'],
  ['{ ping: }', 'ping: found null, expected a mapping, such as {}'],
  [
    '{ callTool: { name: echo, arguments: { "{{ a }}": 1 } } }',
    'callTool.arguments: found "{{ a }}", expected no template in a key: only values are filled in',
  ],
  [
    '{ callTool: { name: echo, capture: { regexp: "a(b)", group: 2, as: x } } }',
    'callTool.capture.group: found 2, expected a group that the expression has',
  ],
  [
    '{ callTool: { name: echo, match: { regexp: "(?<n>b)", group: m, value: b } } }',
    'callTool.match.group: found "m", expected a group that the expression has',
  ],
  [
    '{ callTool: { name: echo, capture: { json: "$.a", as: __proto__ } } }',
    'callTool.capture.as: found "__proto__", expected a variable name of letters, digits, "_" and "-"',
  ],
])('the step %s is one clear problem', (step, problem) => {
  const problems = problemsOf(changed('- callTool: { name: echo }', `- ${step}`))
  expect(problems.map((line) => line.replace(/^\S+ scenarios\[0]\.flow\[0]\./, ''))).toEqual([problem])
})

test('weights of a mix may be text, and groups of an expression are found by number and name', () => {
  const steps =
    '[ { weight: "3", ping: {} }, { callTool: { name: echo, capture: [ { regexp: "(?<n>b)", group: n, as: x }, { regexp: "(b)", group: 1, as: y } ] } } ]'
  expect(load(changed('- callTool: { name: echo }', `- mix: ${steps}`)).notes).toEqual([])
})
