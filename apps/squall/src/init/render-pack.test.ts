import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadPack, type LoadedPack } from '@squall/pack'
import { temporaryDirectory } from '@squall/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toolCallsOf } from '../check/tool-calls.ts'
import { renderPack, type PackFacts } from './render-pack.ts'

const facts: PackFacts = {
  serverName: 'demo',
  target: 'http://127.0.0.1:1/mcp',
  transport: 'streamable-http',
  headers: {},
  tls: {},
  proxy: undefined,
  tools: [],
}

function load(text: string): LoadedPack {
  using cleanUp = new DisposableStack()
  const directory = temporaryDirectory((remove) => cleanUp.defer(remove))
  writeFileSync(join(directory, 'pack.yml'), text)
  return loadPack({ path: directory, processEnvironment: { TOKEN: 'secret' } })
}

test('whatever a server calls its tools and says of them, the pack can be read, and calls those that are to be called', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 60 })
  const tool = fc.record({
    tool: fc.record({
      name: fc.oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => !name.includes('{{')),
        fc.constantFrom('true', 'False', 'NULL', 'yes', 'off', 'n', '1e3', '0x10', '.nan', '~'),
      ),
      description: fc.oneof(anyText, fc.constant('ends the comment\n- callTool: { name: rm }\r\u2028x')),
      inputSchema: fc.constant({}),
    }),
    isCalled: fc.boolean(),
    reason: anyText,
    args: fc.dictionary(
      anyText,
      fc.oneof(
        fc.integer(),
        anyText.filter((text) => !text.includes('{{')),
      ),
    ),
  })
  fc.assert(
    fc.property(fc.array(tool, { maxLength: 5 }), anyText, (tools, serverName) => {
      const { plan } = load(renderPack({ ...facts, tools, serverName }))
      const expected = tools.filter(({ isCalled }) => isCalled).map(({ tool: { name }, args }) => ({ tool: name, args }))
      expect(toolCallsOf(plan)).toMatchObject(expected)
      expect(toolCallsOf(plan)).toHaveLength(expected.length)
    }),
    { numRuns: 60 },
  )
})

test('where no tool may be called, the tools are listed', () => {
  expect(load(renderPack(facts)).plan.scenarios[0]).toMatchObject({ name: 'list the tools', flow: [{ listTools: {} }, {}] })
})

test('headers, security and a proxy are written as the pack reads them', () => {
  const text = renderPack({
    ...facts,
    headers: { authorization: 'Bearer {{ $env.TOKEN }}' },
    tls: { rejectUnauthorized: false },
    proxy: 'http://127.0.0.1:3128',
  })
  expect(load(text).plan).toMatchObject({
    scenarios: [{ client: { headers: { authorization: 'Bearer secret' } } }],
    tls: { rejectUnauthorized: false },
    proxyUrl: 'http://127.0.0.1:3128',
  })
})

test('clients over standard streams are few, each being a process', () => {
  expect(load(renderPack({ ...facts, transport: 'stdio', target: 'node server.js' }))).toMatchObject({
    target: 'node server.js',
    plan: { model: { clients: 2 } },
  })
})
