import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { isObject, type JsonObject } from './apply-environment.ts'
import { tlsSection } from './sections/connection-section.ts'
import { mcpSection } from './sections/mcp-section.ts'
import { squallSection } from './sections/squall-section.ts'
import { problemsOf } from './test/write-pack.ts'
import { exampleFiles } from './test/example-files.ts'

const readPage = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')

const page = readPage('packs.md')

/** The examples of a part of the page, as data. */
function examplesIn(text: string): JsonObject[] {
  const blocks = Array.from(text.matchAll(/^```yaml\n(.*?)^```/gms), ([, block = '']) => parse(block) as unknown)
  return blocks.filter(isObject)
}

/** What an example leaves out, since it is about something else. */
function completed({ config = {}, scenarios = [{ engine: 'mcp', flow: [{ ping: {} }] }] }: JsonObject): JsonObject {
  if (!isObject(config)) throw new Error('an example has a config that is no mapping')
  const saysLoad =
    'phases' in config || (isObject(config['squall']) && ('clients' in config['squall'] || 'rate' in config['squall']))
  const target = 'http://127.0.0.1:3000/mcp'
  return { config: { target, ...(saysLoad ? {} : { squall: { clients: 1, duration: 1 } }), ...config }, scenarios }
}

const examples = ['packs.md', 'flows.md'].flatMap((name) =>
  examplesIn(readPage(name)).map((example, index) => [`${name} ${index + 1}`, example] as const),
)
const files = exampleFiles()

test.each(examples)('example %s can be run', (_, example) => {
  const environments = isObject(example['config']) && isObject(example['config']['environments']) ? ['staging'] : []
  for (const environment of [undefined, ...environments])
    expect(
      problemsOf(JSON.stringify(completed(example)), {
        files,
        processEnvironment: { TOKEN: 'secret' },
        ...(environment !== undefined && { environment }),
      }),
    ).toEqual([])
})

/** The parts of the page under headings of their own, by heading. */
const parts = new Map(
  page
    .split(/^#{2,3} /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), part] as const),
)

/** The keys a part explains: those in the first column of its table. */
function keysOf(heading: string): string[] {
  const rows = Array.from((parts.get(heading) ?? '').matchAll(/^\| (`.*?) *\|/gm), ([, first = '']) => first)
  return rows.flatMap((cell) => Array.from(cell.matchAll(/`([\w.]+)`/g), ([, key = '']) => key))
}

/** Every key that stands anywhere in a value. */
function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn)
  return isObject(value) ? [...Object.keys(value), ...Object.values(value).flatMap(keysIn)] : []
}

test.each([
  ['config.squall', squallSection],
  ['config.mcp', mcpSection],
  ['config.tls', tlsSection],
])('%s: the page explains every key there is', (heading, section) => {
  expect(keysOf(heading).toSorted()).toEqual(Object.keys(section.shape).toSorted())
})

test.each(['config.squall', 'config.mcp', 'config.tls', 'config.phases', 'config.payload'])(
  '%s: every key the page explains stands in an example beside it',
  (heading) => {
    const shown = new Set(keysIn(examplesIn(parts.get(heading) ?? '')))
    // A shape and its options have a part of their own.
    expect(keysOf(heading).filter((key) => !shown.has(key) && key !== 'shape')).toEqual([])
  },
)

test('every shape the page explains is shown with each of its options', () => {
  const text = parts.get('Shapes') ?? ''
  const shown = new Set(keysIn(examplesIn(text)))
  const rows = Array.from(text.matchAll(/^\| `(\w+)`.*\|([^|]*)\|$/gm), ([, shape = '', options = '']) => ({ shape, options }))
  const named = rows.flatMap(({ shape, options }) => [shape, ...(options.match(/\w+/g) ?? [])])
  expect(named.filter((name) => !shown.has(name) && name !== 'count')).toEqual([])
  expect(rows).toHaveLength(5)
})
