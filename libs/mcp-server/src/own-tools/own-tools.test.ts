import { createGate } from '@squall/sql-policy'
import { expect, test } from 'vitest'
import { scriptedSnowflake } from '../test/scripted-snowflake.ts'
import { callTool, testCore, textOf } from '../test/test-core.ts'
import { parseOwnTools } from './parse-own-tools.ts'

const gate = createGate({})
const customers = {
  name: 'customers_of_country',
  title: 'Customers of a country',
  description: 'Lists the customers of one country, newest first.',
  database: 'test_db',
  schema: 'PUBLIC',
  parameters: [
    { name: 'country', type: 'string', description: 'ISO code', maxLength: 2 },
    { name: 'since', type: 'date', description: 'First day', required: false },
    { name: 'tier', type: 'string', description: 'Tier', enum: ['free', 'business'], default: 'free' },
    { name: 'least', type: 'integer', description: 'Orders at least', minimum: 0, maximum: 100, default: 0 },
    { name: 'share', type: 'number', description: 'Share', required: false },
    { name: 'active', type: 'boolean', description: 'Only active ones', default: true },
  ],
  sql: `SELECT name FROM customers WHERE country = :country AND (:since IS NULL OR signed_up_on >= :since)
        AND tier = :tier AND orders >= :least AND v:share > :share AND active = :active -- :not_this`,
  limit: 2,
}

function setUp(definition: object = customers) {
  const { tools, problems } = parseOwnTools({ tools: [definition] }, 'tools.yaml', gate)
  expect(problems).toEqual([])
  const snowflake = scriptedSnowflake(() => ({ columns: ['NAME'], rows: [['Ann'], ['Bob'], ['Cid']] }))
  return { snowflake, core: testCore(snowflake, { moreTools: tools, checkReadOnly: gate }) }
}

test('an own tool is listed with its parameters, and runs its SQL with values as binds', async () => {
  const { snowflake, core } = setUp()
  const tool = core.tools.find(({ name }) => name === customers.name)
  expect(tool).toMatchObject({
    title: 'Customers of a country',
    inputSchema: {
      required: ['country'],
      properties: {
        country: { type: 'string', description: 'ISO code' },
        tier: { default: 'free' },
        least: { type: 'integer', minimum: 0, maximum: 100, default: 0 },
      },
    },
    annotations: { readOnlyHint: true },
  })
  const evil = `x'`
  const outcome = await callTool(core, customers.name, { country: evil, since: '2026-01-01', share: 0.5 })
  expect(textOf(outcome)).toMatch(/^## Customers of a country \(2 rows\)[^]*\| Ann \|[^]*There are more rows than these 2/)
  expect(outcome).toMatchObject({ result: { structuredContent: { rows: [['Ann'], ['Bob']], truncated: true } } })
  const [statement] = snowflake.statements
  expect(statement).toMatchObject({ context: { database: 'TEST_DB', schema: 'PUBLIC' }, maxRows: 2 })
  expect(statement?.binds).toEqual([evil, '2026-01-01', '2026-01-01', 'free', 0, 0.5, true])
  expect(statement?.sql).toContain('WHERE country = ? AND (? IS NULL OR signed_up_on >= ?)')
  expect(statement?.sql).toMatch(/v:share > \?[^]*\nLIMIT 3$/)
})

test('what a call leaves out is NULL, or the default', async () => {
  const { snowflake, core } = setUp()
  await callTool(core, customers.name, { country: 'DE', tier: 'business', least: 5, active: false })
  expect(snowflake.statements[0]?.binds).toEqual(['DE', null, null, 'business', 5, null, false])
})

test.each([
  [{}, 'Error: country parameter is required'],
  [{ country: 'DEU' }, '- country: expected text of at most 2 characters; got "DEU"'],
  [{ country: 'D\u0000' }, '- country: expected text of at most 2 characters'],
  [{ country: 'DE', since: 'yesterday' }, '- since: expected a date as YYYY-MM-DD; got "yesterday"'],
  [{ country: 'DE', tier: 'gold' }, '- tier: expected one of "free", "business"; got "gold"'],
  [{ country: 'DE', least: 101 }, '- least: expected a whole number from 0 up to 100; got 101'],
  [{ country: 'DE', least: 1.5 }, '- least: expected a whole number'],
  [{ country: 'DE', share: 'half' }, '- share: expected a number; got "half"'],
  [{ country: 'DE', active: 'yes' }, '- active: expected true or false; got "yes"'],
  [{ country: 'DE', contry: 'x' }, '- contry: no such argument; did you mean country?'],
])('a call with %j is refused before anything is sent', async (args, text) => {
  const { snowflake, core } = setUp()
  expect(textOf(await callTool(core, customers.name, args))).toContain(text)
  expect(snowflake.statements).toEqual([])
})

test('two missing arguments are told together', async () => {
  const parameters = ['a', 'b'].map((name) => ({ name, type: 'integer', description: name }))
  const { core } = setUp({ name: 'sum_up', description: 'Adds two numbers up.....', parameters, sql: 'SELECT :a + :b' })
  expect(textOf(await callTool(core, 'sum_up', {}))).toBe('Error: a and b parameters are required')
})

const wrong: readonly (readonly [string, object, readonly string[]])[] = [
  ['SQL that writes', { sql: 'DELETE FROM t', parameters: [] }, ['.sql']],
  ['two statements', { sql: 'SELECT 1; SELECT 2', parameters: [] }, ['.sql']],
  ['an unknown parameter', { sql: `${customers.sql.split('--')[0]} AND x = :contry` }, ['.sql']],
  ['a parameter nobody uses', { sql: 'SELECT :country, :since, :tier, :least, :share' }, ['.parameters[5].name']],
  ['the name of a tool', { name: 'execute_query' }, ['.name']],
  ['a name with spaces', { name: 'My tool' }, ['.name']],
  ['no description', { description: 'x' }, ['.description']],
  ['an unknown key', { sqll: 'x' }, ['.sqll']],
  ['a database with dots', { database: 'a.b' }, ['.database']],
  ['a limit beyond all', { limit: 1e9 }, ['.limit']],
  ['an unknown type', { parameters: [{ name: 'a', type: 'text', description: 'a' }] }, ['.parameters[0].type']],
  [
    'a default of another type, and a name twice',
    {
      parameters: [
        { name: 'a', type: 'integer', description: 'a', default: 'x' },
        { name: 'a', type: 'integer', description: 'a' },
      ],
      sql: 'SELECT :a',
    },
    ['.parameters[0].default', '.parameters[1].name'],
  ],
]

test.each(wrong)('a definition with %s is refused by its place', (_what, change, places) => {
  const { tools, problems } = parseOwnTools({ tools: [{ ...customers, ...change }] }, 'tools.yaml', gate)
  expect(tools).toEqual([])
  expect(problems.map(({ where }) => where)).toEqual(places.map((place) => `tools.yaml tools[0]${place}`))
})

test('everything wrong with a file is told at once, and a name is taken once', () => {
  const { problems } = parseOwnTools(
    { tools: [{ ...customers, sql: 'DROP TABLE t', parameters: [] }, customers, customers, 7] },
    'f',
    gate,
  )
  expect(problems.map(({ where }) => where)).toEqual(['f tools[0].sql', 'f tools[1].name', 'f tools[2].name', 'f tools[3]'])
  expect(parseOwnTools('text', 'f', gate).problems).toMatchObject([{ where: 'f', value: 'text' }])
  expect(parseOwnTools({ tools: [], more: 1 }, 'f', gate).problems).toMatchObject([{ where: 'f.tools' }, { where: 'f.more' }])
})
