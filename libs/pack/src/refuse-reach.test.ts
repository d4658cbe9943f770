import { CodedError } from '@squall/errors'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadPack } from './index.ts'
import { changed, rightPack, writePack } from './test/write-pack.ts'

const send = (text: string, environment?: string) =>
  loadPack({ path: 'sent', text, environment, processEnvironment: { TOKEN: 'geheim' } })

/** Where and what is refused of a pack that was sent. */
function refusalsOf(text: string, environment?: string): [string, unknown][] {
  try {
    send(text, environment)
  } catch (error) {
    if (error instanceof CodedError) return error.problems.map(({ where, value }) => [where.replace(/^.* /, ''), value])
    throw error
  }
  return []
}

const shaped = (shape: string): string => changed('    clients: 20', `    clients: 20\n    shape: ${shape}`)
const configured = (line: string): string => changed('  engines: { mcp: {} }', `  ${line}`)

test('a pack that was sent becomes the same plan as one that lies here, under the name it was given', () => {
  const { plan, target } = send(rightPack)
  expect(target).toBe('http://127.0.0.1:3000/mcp')
  expect(plan).toEqual({ ...loadPack({ path: writePack(rightPack), processEnvironment: {} }).plan, name: 'sent' })
})

test.each([
  ['processor: ./functions.ts', 'config.processor', './functions.ts'],
  [
    'payload: { path: /etc/passwd, fields: [line], delimiter: ":" }',
    'config.payload',
    { path: '/etc/passwd', fields: ['line'], delimiter: ':' },
  ],
  ['tls: { ca: /etc/ssl/ca.pem }', 'config.tls.ca', '/etc/ssl/ca.pem'],
  ['mcp: { headers: { authorization: "Bearer {{ $env.TOKEN }}" } }', 'config.mcp.headers.authorization', '$env'],
  ['variables: { a: "{{$processEnvironment.TOKEN}}" }', 'config.variables.a', '$processEnvironment'],
  ['mcp: { transport: stdio }', 'scenarios[0].mcp.transport', 'stdio'],
])('of a pack that was sent, `%s` is refused', (line, where, value) => {
  expect(refusalsOf(configured(line))).toEqual([[where, value]])
})

test('a program that shapes the load is refused, with its options or without', () => {
  expect(refusalsOf(shaped('./waves.ts'))).toEqual([['config.squall.shape', './waves.ts']])
  expect(refusalsOf(shaped('{ ../waves.mjs: { a: 1 } }'))).toEqual([['config.squall.shape', '../waves.mjs']])
  expect(refusalsOf(shaped('soak'))).toEqual([])
})

test('what only a chosen environment says is refused as well, and everything at once', () => {
  const pack = configured(
    'environments: { far: { processor: ./a.js, tls: { cert: c.pem, key: k.pem }, mcp: { clientKind: "{{ $env.KIND }}" } } }',
  )
  expect(refusalsOf(pack, 'far').map(([where]) => where)).toEqual([
    'config.environments.far.processor',
    'config.environments.far.tls.cert',
    'config.environments.far.tls.key',
    'config.environments.far.mcp.clientKind',
  ])
})

test('wherever a variable of the environment stands, under whatever disguise, it is refused', () => {
  const place = fc.constantFrom('key', 'value', 'list', 'alias')
  const name = fc.constantFrom('$env', '$processEnvironment')
  const around = fc.constantFrom(['{{ ', '.TOKEN }}'], ['{{', '.TOKEN}}'], ['{{\n', '.1 }}'], ['x {{ ', '.A_b }} y'])
  fc.assert(
    fc.property(place, name, around, (where, word, [before, after]) => {
      const text = JSON.stringify(`${before}${word}${after}`)
      const written = {
        key: `{ ${text}: 1 }`,
        value: `{ a: { b: ${text} } }`,
        list: `{ a: [1, [${text}]] }`,
        alias: `{ a: &x { b: ${text} }, c: *x }`,
      }[where]
      const pack = changed('{ name: echo }', `{ name: echo, arguments: ${written} }`)
      expect(refusalsOf(pack).map(([, value]) => value)).toContain(word)
    }),
  )
})

test('nothing of what is refused is read: a processor does not run, a data file is not opened', () => {
  const told = '{{ sql }}'
  const pack = configured('processor: ./does-not-exist.ts\n  payload: { path: does-not-exist.csv, fields: [sql] }')
  const used = pack.replace('{ name: echo }', `{ name: echo, arguments: { a: "${told}" } }\n      - function: prepare`)
  expect(refusalsOf(used).map(([where]) => where)).toEqual(['config.processor', 'config.payload'])
})
