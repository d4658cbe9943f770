// The tools beyond the original's five, on the real server over the embedded Snowflake.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type RunningServer } from './test/run-server.ts'
import { connectTools, type ToolClient } from './test/tool-client.ts'

let server: RunningServer
let tools: ToolClient
beforeAll(async () => {
  server = await startServer([], { SQUALL_MCP_MAX_PAGED_ROWS: '2500' })
  tools = await connectTools(server.url)
})
afterAll(async () => {
  await tools.client.close()
  await server.stop()
})

const numbers = (count: number): string =>
  `SELECT SEQ4() AS n, 'row ' || SEQ4() AS label FROM TABLE(GENERATOR(ROWCOUNT => ${count})) ORDER BY n`

test('list_schemas and list_tables say what there is', async () => {
  const schemas = await tools.call('list_schemas', { database: 'analytics_db' })
  expect(schemas.text).toBe('Schemas in ANALYTICS_DB:\nINFORMATION_SCHEMA\nPUBLIC\nREPORTING\nSTAGING')
  expect(schemas.data).toMatchObject({ database: 'ANALYTICS_DB', schemas: expect.arrayContaining(['REPORTING']) as unknown })
  const tables = await tools.call('list_tables', { database: 'TEST_DB' })
  expect(tables.text).toContain('CUSTOMERS (500 rows): People who signed up')
  expect(tables.data['tables']).toContainEqual({ name: 'CUSTOMERS', rows: 500, comment: 'People who signed up' })
})

test('describe_table gives columns, rows and comments, of views too', async () => {
  const table = await tools.call('describe_table', { database: 'TEST_DB', table: 'CUSTOMERS' })
  expect(table.text).toMatch(/^## Table: TEST_DB\.PUBLIC\.CUSTOMERS\n[^]*500 rows[^]*- CUSTOMER_ID : NUMBER\(38,0\) NULL\n/)
  expect(table.data).toMatchObject({ rows: 500, comment: 'People who signed up' })
  const view = await tools.call('describe_table', { database: 'TEST_DB', table: 'CUSTOMER_ORDERS' })
  expect(view.data['rows']).toBeUndefined()
  expect(view.isError).toBe(false)
})

test('search_objects finds names by part, pattern and regular expression, in one database or all', async () => {
  const names = async (args: Record<string, unknown>): Promise<unknown[]> => {
    const { data } = await tools.call('search_objects', args)
    return (data['found'] as { kind: string; name: string }[]).map(({ kind, name }) => `${kind} ${name}`)
  }
  expect(await names({ pattern: 'customers' })).toEqual([
    'table TEST_DB.PUBLIC.CUSTOMERS',
    'view TEST_DB.STAGING.LATEST_CUSTOMERS',
    'table TEST_DB.STAGING.RAW_CUSTOMERS',
  ])
  expect(await names({ pattern: 'cust%', match: 'like', kinds: ['table'] })).toEqual([
    'table SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.CUSTOMER',
    'table TEST_DB.PUBLIC.CUSTOMERS',
  ])
  expect(await names({ pattern: '^rep', match: 'regex', kinds: ['schema'], database: 'test_db' })).toEqual([
    'schema TEST_DB.REPORTING',
  ])
  expect(await names({ pattern: 'kpi$', match: 'regex', kinds: ['view'] })).toEqual(['view ANALYTICS_DB.REPORTING.DAILY_KPI'])
  expect(await names({ pattern: 'r_n', match: 'contains' })).toEqual([])
  expect(await names({ pattern: 'signed_up', kinds: ['column'], database: 'TEST_DB' })).toContain(
    'column TEST_DB.PUBLIC.CUSTOMERS.SIGNED_UP_ON',
  )
  const cut = await tools.call('search_objects', { pattern: '%', match: 'like', limit: 2, detail: 'full', kinds: ['view'] })
  expect(cut.data).toMatchObject({ truncated: true, found: [{ kind: 'view', createdOn: expect.any(String) as string }, {}] })
  expect(await tools.failure('search_objects', { pattern: '(', match: 'regex' })).toContain('Hint: Mend the pattern')
  expect(await tools.failure('search_objects', { pattern: 'x', database: 'TEST' })).toContain('Did you mean TEST_DB?')
})

test('explain_query gives the plan, and nothing but of queries', async () => {
  const plan = await tools.call('explain_query', {
    query: 'SELECT * FROM customers -- all',
    database: 'TEST_DB',
    schema: 'PUBLIC',
  })
  expect(plan.text).toMatch(/^## Query plan\n[^]*CUSTOMERS/)
  expect(plan.data['plan']).toContain('CUSTOMERS')
  const json = await tools.call('explain_query', { query: 'SELECT 1', format: 'json' })
  expect(() => void JSON.parse(json.data['plan'] as string)).not.toThrow()
  expect((await tools.call('explain_query', { query: 'SELECT 1', format: 'tabular' })).text).toContain('step\toperation')
  expect(await tools.failure('explain_query', { query: 'DELETE FROM t' })).toContain('[MCP_NOT_READ_ONLY]')
})

test('sample_table gives rows at random, in the form asked for', async () => {
  const sample = await tools.call('sample_table', { database: 'TEST_DB', table: 'CUSTOMERS', limit: 3, format: 'csv' })
  expect(sample.text.split('\n')).toHaveLength(5)
  expect(sample.text).toMatch(/^CUSTOMER_ID,NAME,EMAIL,/)
  expect(sample.data).toMatchObject({ rowCount: 3, truncated: false })
  const table = await tools.call('sample_table', { database: 'TEST_DB', table: 'CUSTOMERS' })
  expect(table.text).toMatch(/^## Sample of TEST_DB\.PUBLIC\.CUSTOMERS \(10 rows\)/)
  expect(await tools.failure('sample_table', { database: 'TEST_DB', table: 'CUSTOMER' })).toContain('Did you mean CUSTOMERS')
})

test('rows come as markdown, CSV or JSON, NULL told from its name', async () => {
  const query = `SELECT NULL AS a, 'NULL' AS b, '' AS c, 'x,"y"' AS d, 1 AS a`
  const text = async (format: string): Promise<string> => (await tools.call('execute_query', { query, format })).text
  expect(await text('csv')).toBe('A,B,C,D,A\n,NULL,"","x,""y""",1\n')
  expect(await text('json')).toBe('[\n{"A":null,"B":"NULL","C":"","D":"x,\\"y\\"","A_2":1}\n]\n')
  expect(await text('markdown')).toContain('| NULL | NULL |  | x,"y" | 1 |')
})

test('a result that was cut is read on to its last row, each row once', async () => {
  let answer = await tools.call('execute_query', { query: numbers(1000), limit: 300 })
  expect(answer.text).toContain('There are more rows than these 300: read on with read_result, cursor ')
  const seen: unknown[] = []
  for (;;) {
    seen.push(...(answer.data['rows'] as unknown[][]).map(([n]) => n))
    const { cursor } = answer.data
    if (cursor === undefined) break
    // Reading is repeatable: a client that lost an answer asks again.
    const [again, next] = [await read(cursor), await read(cursor)]
    expect(again).toEqual({ ...next, requestId: again['requestId'] })
    answer = await tools.call('read_result', { cursor, limit: 300 })
  }
  expect(seen).toEqual(Array.from({ length: 1000 }, (_, index) => index))
  expect(answer.data).toMatchObject({ truncated: false, firstRow: 900 })
})

async function read(cursor: unknown): Promise<Record<string, unknown>> {
  return (await tools.call('read_result', { cursor, limit: 300 })).data
}

test('a view is read on too, and so is what takes no LIMIT', async () => {
  const view = { database: 'TEST_DB', view_name: 'CUSTOMER_ORDERS', limit: 5 }
  const first = await tools.call('query_view', view)
  const more = await tools.call('read_result', { cursor: first.data['cursor'], limit: 2, format: 'csv' })
  expect(more.data).toMatchObject({ rowCount: 2, truncated: true })
  const shown = await tools.call('execute_query', { query: 'SHOW TABLES IN DATABASE TEST_DB', limit: 2 })
  const rest = await tools.call('read_result', { cursor: shown.data['cursor'] })
  expect([rest.data['truncated'], (rest.data['rows'] as unknown[]).length > 2]).toEqual([false, true])
})

test('rows that came in another order when read on are begun again, and the answer says so', async () => {
  const query = 'SELECT RANDOM() AS r FROM TABLE(GENERATOR(ROWCOUNT => 20))'
  const first = await tools.call('execute_query', { query, limit: 5 })
  const again = await tools.call('read_result', { cursor: first.data['cursor'], limit: 5 })
  expect(again.data).toMatchObject({ firstRow: 0, restarted: true, rowCount: 5, truncated: true })
  expect(again.text).toMatch(/^The rows came in another order/)
  const next = await tools.call('read_result', { cursor: again.data['cursor'], limit: 5 })
  expect(next.data).toMatchObject({ firstRow: 5 })
  expect(next.data['restarted']).toBeUndefined()
})

test('pages end where the server lets no more of a result be read', async () => {
  const first = await tools.call('execute_query', { query: numbers(4000), limit: 2000 })
  const last = await tools.call('read_result', { cursor: first.data['cursor'], limit: 2000 })
  expect(last.data).toMatchObject({ firstRow: 2000, rowCount: 500, truncated: true })
  expect(last.data['cursor']).toBeUndefined()
  const [handle] = (first.data['cursor'] as string).split('.')
  expect(await tools.failure('read_result', { cursor: `${handle}.2500` })).toContain('[MCP_RESULT_END]')
  expect(await tools.failure('read_result', { cursor: 'abcdefghijklmnopqrst.5' })).toContain('[MCP_NO_SUCH_RESULT]')
  expect(await tools.failure('read_result', { cursor: 'x' })).toContain('- cursor: expected a cursor')
})

test('a query runs on in the background, is asked after, and its rows are read', async () => {
  const started = await tools.call('execute_query', { query: numbers(1500), wait: false })
  const id = started.data['requestId']
  expect(started.data).toMatchObject({ state: 'running' })
  const ended = await untilEnded(id)
  expect(ended).toMatchObject({ state: 'succeeded', tool: 'execute_query', queryId: expect.any(String) as string })
  const page = await tools.call('read_result', { cursor: ended['cursor'], limit: 1000 })
  expect(page.data).toMatchObject({ firstRow: 0, rowCount: 1000, truncated: true })
  const byQueryId = await tools.call('query_status', { id: ended['queryId'] })
  expect(byQueryId.text).toContain('Read its rows with read_result')
})

async function untilEnded(id: unknown): Promise<Record<string, unknown>> {
  for (;;) {
    const { data } = await tools.call('query_status', { id })
    const [query] = data['queries'] as Record<string, unknown>[]
    if (query?.['state'] !== 'running' && query?.['state'] !== 'waiting') return query ?? {}
  }
}

const slow = 'SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 20000000000))'

test('cancel_query ends a query in Snowflake, in the background and in another call', async () => {
  const background = await tools.call('execute_query', { query: slow, wait: false })
  const other = await connectTools(server.url)
  const waiting = other.failure('execute_query', { query: slow })
  const running = await untilRunning(2)
  expect(running).toContain(background.data['requestId'])
  for (const id of running) expect((await tools.call('cancel_query', { id })).data).toMatchObject({ cancelled: true })
  expect(await waiting).toContain('[SNOWFLAKE_QUERY_CANCELLED]')
  expect(await untilEnded(background.data['requestId'])).toMatchObject({ state: 'cancelled' })
  const again = await tools.call('cancel_query', { id: background.data['requestId'] })
  expect(again.text).toMatch(/had ended already: cancelled\.$/)
  expect((await tools.call('query_status')).text).toBe('No query of yours runs.')
  await other.client.close()
})

async function untilRunning(count: number): Promise<unknown[]> {
  for (;;) {
    const { data } = await tools.call('query_status')
    const running = (data['queries'] as Record<string, unknown>[]).filter(({ state }) => state === 'running')
    if (running.length === count) return running.map(({ requestId }) => requestId)
  }
}

test('so many queries run in the background and no more, and unknown ids are told so', async () => {
  const ids: unknown[] = []
  for (let count = 0; count < 2; count += 1)
    ids.push((await tools.call('execute_query', { query: slow, wait: false })).data['requestId'])
  expect(await tools.failure('execute_query', { query: slow, wait: false })).toContain('[MCP_TOO_MANY_BACKGROUND]')
  for (const id of ids) await tools.call('cancel_query', { id })
  for (const tool of ['query_status', 'cancel_query'])
    expect(await tools.failure(tool, { id: 'x' })).toContain('no query of yours')
})

test('a query in the background that is wrong is told of at once, or by its status', async () => {
  expect(await tools.failure('execute_query', { query: 'DROP TABLE t', wait: false })).toContain('[MCP_NOT_READ_ONLY]')
  const { data } = await tools.call('execute_query', { query: 'SELECT nope', wait: false })
  const ended = await untilEnded(data['requestId'])
  expect(ended).toMatchObject({ state: 'failed', error: expect.stringContaining('NOPE') as string })
  expect((await tools.call('query_status', { id: data['requestId'] })).text).toContain('\nError: ')
})

test.each([
  [{ query: 'SELECT * FROM TEST_DB.PUBLIC.CUSTOMRS' }, /Did you mean CUSTOMERS\?/],
  [{ query: 'SELECT * FROM orderz', database: 'TEST_DB' }, /Did you mean ORDERS/],
  [{ query: 'SELECT * FROM TEST_DB.PUBLI.CUSTOMERS' }, /Schema TEST_DB\.PUBLI does not exist, .*Did you mean PUBLIC\?/],
  [{ query: 'SELECT * FROM TEST.PUBLIC.CUSTOMERS' }, /Database TEST does not exist, .*Did you mean TEST_DB\?/],
  [{ query: 'SELECT c.nam FROM TEST_DB.PUBLIC.CUSTOMERS c' }, /\^[^]*Hint: Did you mean the column NAME\?/],
  [{ query: 'SELECT zzzzzz FROM customers', database: 'TEST_DB' }, /Hint: The columns are: CUSTOMER_ID, NAME, /],
  [{ query: 'SELECT zzzzzz' }, /Hint: Mend the statement at the place the message names\./],
  [{ query: 'SELECT 1 FROM' }, /\^[^]*\[SNOWFLAKE_QUERY_FAILED\]/],
])('a wrong name in SQL is answered with those most like it: %j', async (args, text) => {
  expect(await tools.failure('execute_query', args)).toMatch(text)
  expect(await tools.failure('explain_query', args)).toMatch(/^Error explaining query: /)
})

test('what peers have beside the original: discovery, plans, samples, status and cancellation, resources, CSV and JSON, paging by cursor [S2]', async () => {
  const listed = (await tools.client.listTools()).tools.map(({ name }) => name)
  const wanted =
    'list_schemas list_tables describe_table search_objects explain_query sample_table read_result query_status cancel_query'
  expect(listed).toEqual(expect.arrayContaining(wanted.split(' ')))
  const table = { database: 'TEST_DB', table: 'ORDERS' }
  expect((await tools.call('list_schemas', { database: 'TEST_DB' })).data['schemas']).toContain('PUBLIC')
  expect((await tools.call('list_tables', { database: 'TEST_DB' })).text).toContain('ORDERS (')
  expect((await tools.call('describe_table', table)).text).toContain('### Columns:\n- ORDER_ID : ')
  expect((await tools.call('search_objects', { pattern: 'order', kinds: ['table'] })).text).toContain(
    'table TEST_DB.PUBLIC.ORDERS',
  )
  expect((await tools.call('explain_query', { query: 'SELECT * FROM TEST_DB.PUBLIC.ORDERS' })).data['plan']).toContain('ORDERS')
  expect((await tools.call('sample_table', { ...table, limit: 4 })).data).toMatchObject({ rowCount: 4 })
  // Forms and pages of one result.
  const query = 'SELECT order_id FROM TEST_DB.PUBLIC.ORDERS ORDER BY order_id'
  const first = await tools.call('execute_query', { query, limit: 2, format: 'csv' })
  expect(first.text).toBe('ORDER_ID\n1\n2\n')
  const second = await tools.call('read_result', { cursor: first.data['cursor'], limit: 2, format: 'json' })
  expect(JSON.parse(second.text)).toEqual([{ ORDER_ID: 3 }, { ORDER_ID: 4 }])
  // A query of one's own: asked after, and ended.
  const { data } = await tools.call('execute_query', { query: slow, wait: false })
  expect((await tools.call('query_status', { id: data['requestId'] })).data['queries']).toMatchObject([{ tool: 'execute_query' }])
  expect((await tools.call('cancel_query', { id: data['requestId'] })).data).toMatchObject({ cancelled: true })
  expect(await untilEnded(data['requestId'])).toMatchObject({ state: 'cancelled' })
  // Schemas as resources.
  const { resources } = await tools.client.listResources()
  expect(resources.map(({ uri }) => uri)).toContain('snowflake://TEST_DB/PUBLIC')
  const { contents } = await tools.client.readResource({ uri: 'snowflake://TEST_DB/PUBLIC' })
  expect(JSON.stringify(contents)).toContain('ORDERS')
  expect((await tools.client.listResourceTemplates()).resourceTemplates).toHaveLength(2)
})
