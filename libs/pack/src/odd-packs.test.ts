// Packs that are well-formed, or nearly, and mean something else than their author thinks.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadPack } from './index.ts'
import { changed, load, problemsOf, rightPack } from './test/write-pack.ts'

function writeBytes(bytes: Uint8Array): string {
  const directory = mkdtempSync(join(tmpdir(), 'squall-odd-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
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

test('a mark of UTF-8 and line ends of Windows change nothing, and places stay right', () => {
  const onWindows = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`
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
