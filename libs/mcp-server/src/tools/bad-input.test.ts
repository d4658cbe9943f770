// Every argument of every tool, with everything a client could send there by mistake or on purpose.
import { createGate } from '@squall/sql-policy'
import { expect, test } from 'vitest'
import { parseOwnTools } from '../own-tools/parse-own-tools.ts'
import { operations } from '../resources/operations.ts'
import { scriptedSnowflake } from '../test/scripted-snowflake.ts'
import { callTool, testCore, textOf } from '../test/test-core.ts'
import { allTools, toolGroups } from './tool-table.ts'

const gate = createGate({})
const own = parseOwnTools(
  {
    tools: [
      {
        name: 'own_tool',
        description: 'A tool of an operator, for tests.',
        parameters: [
          { name: 'text', type: 'string', description: 'Text' },
          { name: 'count', type: 'integer', description: 'Count' },
          { name: 'day', type: 'date', description: 'Day' },
        ],
        sql: 'SELECT :text, :count, :day',
      },
    ],
  },
  'tools.yaml',
  gate,
)
const tools = [...allTools, ...own.tools]

/** An argument for each name that is right, so that one at a time can be wrong. */
const right: Readonly<Record<string, unknown>> = {
  database: 'TEST_DB',
  schema: 'PUBLIC',
  view_name: 'V',
  view: 'V',
  table: 'T',
  query: 'SELECT 1',
  pattern: 'x',
  cursor: 'abcdefghijklmnopqrst.0',
  id: 'x',
  metrics: ['a.b'],
  text: 'x',
  count: 1,
  day: '2026-01-01',
}

const attack = `x'; DROP TABLE t; --`
/** Wrong wherever text, a number or a flag is wanted, and harmless where it is not wrong. */
const hostile: readonly unknown[] = [
  null,
  '',
  ' ',
  7,
  -1,
  0,
  1e12,
  1.5,
  Number.MAX_SAFE_INTEGER,
  true,
  [],
  [null],
  {},
  { $ne: 1 },
  attack,
  `"${attack}"`,
  `x"; DROP TABLE t; --`,
  'a.b.c.d',
  'TEST_DB.PUBLIC',
  '"unclosed',
  'x\u0000y',
  'x\ny',
  'x\u202Ey',
  'ТEST_DB',
  'x\u00A0y',
  'TEST_DB;',
  '$$ DROP TABLE t $$',
  '/* x',
  'x'.repeat(300_000),
  ['x'.repeat(10_000)],
  [attack, `x"; DROP TABLE t; --`],
  '__proto__',
  'constructor',
]

const wrongs = tools.flatMap(({ descriptor: { name, inputSchema } }) =>
  Object.keys(inputSchema['properties'] as object).map((argument) => [name, argument] as const),
)

/** A statement without what stands in quotes, where anything may stand. */
const bare = (sql: string): string => sql.replaceAll(/"(?:[^"]|"")*"|'(?:[^'\\]|''|\\.)*'|\$\$[^]*?\$\$|--[^\n]*/g, '')

/** Statements the server makes itself, of fixed texts. */
const ownText = /^(?:BEGIN|COMMIT|ROLLBACK)$/

function setUp() {
  const snowflake = scriptedSnowflake((sql) =>
    sql.startsWith('SHOW DATABASES') ? { columns: ['name'], rows: [['TEST_DB']] } : { columns: ['name'], rows: [['X']] },
  )
  return { snowflake, core: testCore(snowflake, { checkReadOnly: gate, toolGroups, moreTools: own.tools }) }
}

test.each(wrongs)('%s, %s: whatever is sent is a clear error, or harmless', async (tool, argument) => {
  const { snowflake, core } = setUp()
  const { inputSchema } = core.tools.find(({ name }) => name === tool) ?? {}
  const names = Object.keys(inputSchema?.['properties'] as object)
  const others = Object.fromEntries(names.filter((name) => name in right).map((name) => [name, right[name]]))
  for (const value of hostile) {
    const sentBefore = snowflake.statements.length
    const outcome = await callTool(core, tool, { ...others, [argument]: value })
    const text = textOf(outcome)
    const isError = outcome.kind === 'answered' && outcome.result.isError === true
    // What is told of a wrong value is short, however long the value.
    expect(text.length).toBeLessThan(isError ? 3000 : 350_000)
    expect(!isError || /^Error|required$/.test(text)).toBe(true)
    const sent = snowflake.statements
      .slice(sentBefore)
      .filter(({ sql, resultOf }) => resultOf === undefined && !ownText.test(sql))
    expect(sent.filter(({ sql }) => !gate(sql).allowed || /DROP|;/i.test(bare(sql)))).toEqual([])
  }
  expect(core.bugs).toEqual([])
})

test.each([undefined, null, [], 'text', 7])('arguments that are %j count as none', async (args) => {
  const { snowflake, core } = setUp()
  expect(textOf(await callTool(core, 'execute_query', args))).toBe('Error: query parameter is required')
  expect(snowflake.statements).toEqual([])
})

test('everything wrong with a call is told at once', async () => {
  const { snowflake, core } = setUp()
  const args = { limit: {}, wait: 'maybe', format: 'xml', timeout_seconds: -1, querry: 'SELECT 1', use_transaction: 1 }
  const text = textOf(await callTool(core, 'execute_query', args))
  for (const words of [
    'Error: query parameter is required',
    '- limit: expected a whole number from 1 to 10000; got {}',
    '- wait: expected true or false; got "maybe"',
    '- format: expected one of markdown, csv, json; got "xml"',
    '- timeout_seconds: expected seconds from 1 to 86400; got -1',
    '- use_transaction: expected true or false; got 1',
    '- querry: no such argument; did you mean query?',
  ])
    expect(text).toContain(words)
  expect(snowflake.statements).toEqual([])
})

test('no operation of resources can be called as a tool, nor a tool by a name like one', async () => {
  const { core } = setUp()
  for (const name of [...operations.map(({ descriptor }) => descriptor.name), 'toString', '__proto__', ''])
    expect(await callTool(core, name, {})).toMatchObject({ kind: 'unknown-tool' })
})
