import { SnowflakeQueryError } from '@squall/snowflake'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { scriptedSnowflake, type Answer, type Script } from '../test/scripted-snowflake.ts'
import { callTool, testCore, textOf } from '../test/test-core.ts'

const showViews: Answer = {
  columns: ['created_on', 'name', 'reserved'],
  rows: [
    ['2026-01-02T03:04:05.000Z', 'DAILY_SALES', null],
    ['2026-02-03T00:00:00.000Z', 'TOP_CUSTOMERS', null],
  ],
}

const world: Script = (sql) => {
  if (sql === 'SHOW DATABASES')
    return {
      columns: ['created_on', 'name'],
      rows: [
        ['x', 'ANALYTICS_DB'],
        ['x', 'TEST_DB'],
      ],
    }
  if (sql.startsWith('SHOW SCHEMAS IN DATABASE')) return { columns: ['name'], rows: [['PUBLIC'], ['REPORTING']] }
  if (sql === 'SHOW VIEWS IN SCHEMA "TEST_DB"."STAGING"') return { columns: ['name'], rows: [] }
  if (sql === 'SHOW VIEWS IN SCHEMA "TEST_DB"."PUBLIC"') return showViews
  if (sql.startsWith('DESCRIBE VIEW "TEST_DB"."PUBLIC"."DAILY_SALES"'))
    return {
      columns: ['name', 'type', 'kind', 'null?'],
      rows: [
        ['DAY', 'DATE', 'COLUMN', 'N'],
        ['AMOUNT', 'NUMBER(38,2)', 'COLUMN', 'Y'],
      ],
    }
  if (sql.startsWith('SELECT GET_DDL')) return { columns: ['ddl'], rows: [['create or replace view DAILY_SALES as select 1']] }
  if (sql.includes('"DAILY_SALES"'))
    return {
      columns: ['DAY:DATE', 'AMOUNT:NUMBER(38,2)', 'NOTE'],
      rows: Array.from({ length: 12 }, (_, index) => ['2026-01-01', index, index === 0 ? 'a|b\nc' : null]),
    }
  if (sql.includes('"EMPTY"')) return { columns: ['A'], rows: [] }
  if (/SELECT 1/i.test(sql)) return { columns: ['1:NUMBER(1,0)'], rows: [[1]] }
  return new SnowflakeQueryError({
    snowflakeCode: '002003',
    sqlState: '02000',
    message: "SQL compilation error:\nObject 'X' does not exist or not authorized.",
    queryId: 'q-1',
    line: 1,
    position: 14,
  })
}

function setUp(script: Script = world) {
  const snowflake = scriptedSnowflake(script)
  const core = testCore(snowflake)
  const text = async (tool: string, args?: unknown): Promise<string> => textOf(await callTool(core, tool, args))
  return { snowflake, core, text }
}

test('list_databases reads as the original does', async () => {
  const { text } = setUp()
  expect(await text('list_databases')).toBe('Available Snowflake databases:\nANALYTICS_DB\nTEST_DB')
})

test('list_views reads as the original does, and takes PUBLIC where no schema is given', async () => {
  const { snowflake, text } = setUp()
  expect(await text('list_views', { database: 'test_db' })).toBe(
    'Views in TEST_DB.PUBLIC:\nDAILY_SALES (created: 2026-01-02T03:04:05.000Z)\nTOP_CUSTOMERS (created: 2026-02-03T00:00:00.000Z)',
  )
  expect(await text('list_views', { database: 'TEST_DB', schema: 'STAGING' })).toBe('No views found in TEST_DB.STAGING')
  expect(snowflake.sql()).toEqual(['SHOW VIEWS IN SCHEMA "TEST_DB"."PUBLIC"', 'SHOW VIEWS IN SCHEMA "TEST_DB"."STAGING"'])
})

test('describe_view reads as the original does', async () => {
  const { text } = setUp()
  expect(await text('describe_view', { database: 'TEST_DB', view_name: 'DAILY_SALES' })).toBe(
    `## View: TEST_DB.PUBLIC.DAILY_SALES

Request ID: <id>

### Columns:
- DAY : DATE NOT NULL
- AMOUNT : NUMBER(38,2) NULL

### View Definition:
\`\`\`sql
create or replace view DAILY_SALES as select 1
\`\`\``,
  )
})

test('query_view gives ten rows by default, cells in markdown, and says that there are more', async () => {
  const { text } = setUp()
  const found = await text('query_view', { database: 'TEST_DB', view_name: 'DAILY_SALES' })
  expect(found.split('\n').slice(0, 8)).toEqual([
    '## Data from TEST_DB.PUBLIC.DAILY_SALES (Showing 10 rows)',
    '',
    'Request ID: <id>',
    '',
    '| DAY | AMOUNT | NOTE |',
    '| --- | --- | --- |',
    String.raw`| 2026-01-01 | 0 | a\|b c |`,
    '| 2026-01-01 | 1 | NULL |',
  ])
  expect(found).toContain('There are more rows than these 10')
  expect(await text('query_view', { database: 'TEST_DB', view_name: 'DAILY_SALES', limit: 12 })).not.toContain('more rows')
  expect(await text('query_view', { database: 'TEST_DB', view_name: 'EMPTY' })).toBe(
    'No data found in view TEST_DB.PUBLIC.EMPTY or the view is empty.',
  )
})

test('execute_query reads as the original does', async () => {
  const { text } = setUp()
  expect(await text('execute_query', { query: 'SELECT 1', database: 'TEST_DB' })).toBe(
    `## Query Results (Database: TEST_DB, Schema: PUBLIC)

Request ID: <id>
Showing 1 row

\`\`\`sql
SELECT 1
\`\`\`

| 1 |
| --- |
| 1 |
`,
  )
  expect(await text('execute_query', { query: 'SELECT 1' })).toContain('(Database: Unknown, Schema: Unknown)')
})

test('execute_query runs in the context and the transaction it was asked for', async () => {
  const { snowflake, text } = setUp()
  const query = 'SELECT 1'
  const explicit = await text('execute_query', { query, database: 'a', schema: '"b"', use_transaction: true, auto_commit: false })
  expect(explicit).toContain('Transaction Mode: Explicit\nShowing 1 row')
  expect(snowflake.sql()).toEqual(['BEGIN', `${query}\nLIMIT 101`, 'ROLLBACK'])
  expect(snowflake.statements[1]?.context).toEqual({ database: 'A', schema: 'b' })
  expect(await text('execute_query', { query, use_transaction: true })).toContain('Transaction Mode: Auto-commit')
  expect(snowflake.sql().slice(-3)).toEqual(['BEGIN', `${query}\nLIMIT 101`, 'COMMIT'])
})

test('a query without rows says so', async () => {
  const { text } = setUp(() => ({ columns: ['A'], rows: [] }))
  expect(await text('execute_query', { query: 'SELECT 1' })).toBe('Query completed successfully but returned no results.')
})

test('a query with backticks is still one code block', async () => {
  const { text } = setUp()
  expect(await text('execute_query', { query: "SELECT 1, '```'" })).toContain("````sql\nSELECT 1, '```'\n````")
})

const missing = 'Error: database and view_name parameters are required'
test.each([
  ['list_views', undefined, 'Error: database parameter is required'],
  ['list_views', { database: '' }, 'Error: database parameter is required'],
  ['list_views', { database: null, schema: 'PUBLIC' }, 'Error: database parameter is required'],
  ['describe_view', {}, missing],
  ['describe_view', { database: 'TEST_DB' }, missing],
  ['describe_view', { view_name: 'V' }, missing],
  ['query_view', [], missing],
  ['query_view', { database: 'TEST_DB', limit: 5 }, missing],
  ['execute_query', { database: 'TEST_DB' }, 'Error: query parameter is required'],
])('%s without what it needs says so in the original words, and asks Snowflake nothing', async (tool, args, text) => {
  const { snowflake, core } = setUp()
  const outcome = await callTool(core, tool, args)
  expect(textOf(outcome)).toBe(text)
  expect(outcome).toMatchObject({ result: { isError: true } })
  expect(snowflake.statements).toEqual([])
})

const view = { database: 'TEST_DB', view_name: 'DAILY_SALES' }
test.each([
  ['list_databases', { database: 'X' }, '- database: no arguments at all'],
  ['list_views', { database: 5 }, '- database: expected a name as text; got 5'],
  [
    'list_views',
    { database: 'X; DROP TABLE T' },
    '- database: expected a name of letters, digits, _ and $, or one in double quotes',
  ],
  ['list_views', { database: 'A.B' }, '- database: expected one name without dots'],
  ['list_views', { database: 'x'.repeat(400) }, '- database: expected a name of at most 300 characters; got "xxx'],
  ['list_views', { database: 'TEST_DB', shema: 'PUBLIC' }, '- shema: no such argument; did you mean schema?'],
  ['list_views', { database: 'TEST_DB', zzzzzzzzz: 1 }, '- zzzzzzzzz: one of the arguments database, schema'],
  ['list_views', { database: 'аnalytics' }, '- database: expected a name of letters'],
  ['describe_view', { ...view, view_name: "V'" }, '- view_name: expected a name of letters'],
  ['query_view', { ...view, limit: 0 }, '- limit: expected a whole number from 1 to 10000; got 0'],
  ['query_view', { ...view, limit: -1 }, '- limit: expected a whole number from 1 to 10000; got -1'],
  ['query_view', { ...view, limit: 1.5 }, '- limit: expected a whole number from 1 to 10000; got 1.5'],
  ['query_view', { ...view, limit: 'ten' }, '- limit: expected a whole number from 1 to 10000; got "ten"'],
  ['execute_query', { query: 7 }, '- query: expected SQL as text; got 7'],
  ['execute_query', { query: 'SELECT 1', use_transaction: 'yes' }, '- use_transaction: expected true or false; got "yes"'],
  ['execute_query', { query: 'x'.repeat(200_001) }, '- query: expected SQL of at most 200000 characters; got "xxx'],
])('%s refuses wrong arguments before they reach Snowflake (case %#)', async (tool, args, text) => {
  const { snowflake, core } = setUp()
  const outcome = await callTool(core, tool, args)
  expect(textOf(outcome)).toContain(text)
  expect(outcome).toMatchObject({ result: { isError: true } })
  expect(snowflake.statements).toEqual([])
})

test('all wrong arguments are told at once', async () => {
  const { text } = setUp()
  const found = await text('query_view', { view_name: 5, limit: 'x', databas: 'TEST_DB' })
  expect(found).toMatch(/^Error: database and view_name parameters are required\n/)
  for (const name of ['view_name', 'limit', 'databas']) expect(found).toContain(`- ${name}: `)
})

test('a limit beyond the most is lowered to it, and digits are a number', async () => {
  const { snowflake, text } = setUp()
  await text('execute_query', { query: 'SELECT 1', limit: 1e9 })
  await text('execute_query', { query: 'SELECT 1', limit: '7' })
  await text('execute_query', { query: 'SELECT 1' })
  expect(snowflake.statements.map(({ maxRows }) => maxRows)).toEqual([10_000, 7, 100])
})

test('private arguments of a client are ignored', async () => {
  const { text } = setUp()
  expect(await text('list_databases', { _client_id: 'me' })).toContain('TEST_DB')
})

test('a statement that does more than read is refused before it reaches Snowflake, BEGIN included', async () => {
  const { snowflake, text } = setUp()
  const found = await text('execute_query', { query: 'DROP TABLE t', database: 'TEST_DB', use_transaction: true })
  expect(found).toMatch(
    /^Error: Only SELECT\/WITH\/SHOW\/DESCRIBE\/EXPLAIN queries are allowed\. DROP is not a reading statement\./,
  )
  expect(found).toContain('Hint: Send a SELECT.')
  expect(snowflake.statements).toEqual([])
})

test('an error of Snowflake comes with its code, its place and the query id', async () => {
  const { text } = setUp()
  const found = await text('execute_query', { query: 'SELECT * FROM X' })
  expect(found).toMatch(/^Error executing query: SQL compilation error:/)
  expect(found).toContain('Snowflake 002003, SQLSTATE 02000, at line 1, position 14, query id q-1')
  expect(found).toContain('Request ID: <id>')
})

test('a wrong name is answered with those most like it', async () => {
  const { text } = setUp()
  expect(await text('query_view', { database: 'TEST_DB', view_name: 'DALY_SALES' })).toMatch(
    /^Error querying view: View TEST_DB\.PUBLIC\.DALY_SALES does not exist, .* Did you mean DAILY_SALES\?[^]*Call list_views/,
  )
  expect(await text('describe_view', { database: 'TEST', view_name: 'X' })).toMatch(
    /^Error describing view: Database TEST does not exist, .* Did you mean TEST_DB\?[^]*Call list_databases/,
  )
  expect(await text('list_views', { database: 'TEST_DB', schema: 'REPORTS' })).toMatch(
    /^Error listing views: Schema TEST_DB\.REPORTS does not exist, .* Did you mean REPORTING\?/,
  )
  expect(await text('query_view', { database: 'TEST_DB', view_name: 'ZZZZZZ' })).toContain(
    'There are: DAILY_SALES, TOP_CUSTOMERS.',
  )
})

test('a name that exists but may not be read is left to Snowflake to explain', async () => {
  const { text } = setUp((sql, statement) =>
    sql.startsWith('SELECT') ? new SnowflakeQueryError({ snowflakeCode: '002003', message: 'no' }) : world(sql, statement),
  )
  expect(await text('query_view', view)).toMatch(/^Error querying view: no\n/)
})

test('every statement carries the id of its request as query tag, and the limits', async () => {
  const { snowflake, core } = setUp()
  const outcome = await callTool(core, 'describe_view', view)
  if (outcome.kind !== 'answered') throw new Error('not answered')
  const requestId = outcome.result.structuredContent?.['requestId']
  expect(snowflake.statements.map(({ queryTag }) => queryTag)).toEqual([requestId, requestId])
  expect(snowflake.statements[0]).toMatchObject({ timeoutMs: 1000, maxBytes: 100_000 })
})

const ajv = addFormats.default(new Ajv2020({ strict: true }))
test.each([
  ['list_databases', {}],
  ['list_views', { database: 'TEST_DB' }],
  ['describe_view', view],
  ['query_view', view],
  ['execute_query', { query: 'SELECT 1', database: 'TEST_DB' }],
  ['execute_query', { query: 'SELECT 1' }],
])('%s gives the structure its output schema states', async (tool, args) => {
  const { core } = setUp()
  const outcome = await callTool(core, tool, args)
  const schema = core.tools.find(({ name }) => name === tool)?.outputSchema
  const validate = ajv.compile(schema ?? {})
  expect(outcome.kind === 'answered' && validate(outcome.result.structuredContent)).toBe(true)
  expect(validate.errors).toBeNull()
})

test('structured rows are whole where the table is cut', async () => {
  const long = 'x'.repeat(500)
  const { core } = setUp(() => ({ columns: ['A'], rows: [[long], [{ a: [1] }]] }))
  const outcome = await callTool(core, 'execute_query', { query: 'SELECT 1' })
  expect(outcome).toMatchObject({
    result: { structuredContent: { rows: [[long], [{ a: [1] }]], rowCount: 2, truncated: false } },
  })
  expect(textOf(outcome)).toContain(`| ${'x'.repeat(197)}... |\n| {"a":[1]} |`)
})

test('the list of tools is short enough for a model to read, and says what each needs', () => {
  const { core } = setUp()
  expect(JSON.stringify(core.tools).length).toBeLessThan(10_000)
  for (const { inputSchema, annotations, description } of core.tools) {
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
    expect(annotations).toMatchObject({ openWorldHint: false, readOnlyHint: expect.any(Boolean) as boolean })
    expect(description.length).toBeGreaterThan(25)
  }
  expect(core.tools.find(({ name }) => name === 'query_view')?.inputSchema).toMatchObject({
    required: ['database', 'view_name'],
    properties: { limit: { type: 'integer', minimum: 1, default: 10 } },
  })
})

test('a tool nobody has is refused with the nearest that exists', async () => {
  const { core } = setUp()
  expect(await callTool(core, 'list_view')).toEqual({
    kind: 'unknown-tool',
    message: 'Unknown tool: list_view. Did you mean list_views?',
  })
  expect(await callTool(core, 'zzz')).toEqual({ kind: 'unknown-tool', message: 'Unknown tool: zzz' })
})
