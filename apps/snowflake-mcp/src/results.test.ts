// What results look like: types, exactness, caps, and whether there is more; on the real driver and the embedded Snowflake.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type RunningServer } from './test/run-server.ts'
import { connectTools, type Answer, type ToolClient } from './test/tool-client.ts'

let server: RunningServer
let tools: ToolClient
beforeAll(async () => {
  server = await startServer(['--max-result-bytes', '20000', '--max-cell-chars', '1000', '--max-rows', '500'])
  tools = await connectTools(server.url)
})
afterAll(async () => {
  await tools.client.close()
  await server.stop()
})

const execute = (query: string, more: Record<string, unknown> = {}): Promise<Answer> =>
  tools.call('execute_query', { query, ...more })
const numbers = (count: number): string => `SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => ${count})) ORDER BY n`

/** Each value with the text of its column's type and what an answer must hold, which JSON can say without loss. */
const values: readonly (readonly [sql: string, cell: unknown, type: RegExp])[] = [
  ['42', 42, /^NUMBER/],
  ['9007199254740992::NUMBER(38,0)', 9_007_199_254_740_992, /^NUMBER\(38,0\)/],
  ['9007199254740993::NUMBER(38,0)', '9007199254740993', /^NUMBER\(38,0\)/],
  ['-12345678901234567890123456789012345678::NUMBER(38,0)', '-12345678901234567890123456789012345678', /^NUMBER/],
  ['0.10::NUMBER(10,2)', 0.1, /^NUMBER\(10,2\)/],
  ['1234567890123456.78::NUMBER(38,2)', '1234567890123456.78', /^NUMBER\(38,2\)/],
  ['0.1::FLOAT', 0.1, /^FLOAT/],
  [`'NaN'::FLOAT`, 'NaN', /^FLOAT/],
  [`'inf'::FLOAT`, expect.stringMatching(/^inf/i), /^FLOAT/],
  [`'-inf'::FLOAT`, expect.stringMatching(/^-inf/i), /^FLOAT/],
  ['TRUE', true, /^BOOLEAN/],
  ['NULL', null, /./],
  [`'NULL'`, 'NULL', /^TEXT/],
  [`''`, '', /^TEXT/],
  [`'naïve 😀 | "x"'`, 'naïve 😀 | "x"', /^TEXT/],
  [`'2024-02-29'::DATE`, '2024-02-29', /^DATE/],
  [`'0001-01-01'::DATE`, '0001-01-01', /^DATE/],
  [`'23:59:59.123456'::TIME`, expect.stringMatching(/^23:59:59\.123456/), /^TIME/],
  [`'1969-12-31 23:59:59.5'::TIMESTAMP_NTZ`, expect.stringMatching(/^1969-12-31T23:59:59\.5\d*$/), /^TIMESTAMP_NTZ/],
  [`'2024-01-01 12:00:00 +02:00'::TIMESTAMP_LTZ`, expect.stringMatching(/^2024-01-01T10:00:00.*Z$/), /^TIMESTAMP_LTZ/],
  [`'2024-01-01 12:00:00 +02:00'::TIMESTAMP_TZ`, '2024-01-01T12:00:00+02:00', /^TIMESTAMP_TZ/],
  [`TO_BINARY('CAFE')`, 'CAFE', /^BINARY/],
  [`PARSE_JSON('{"a":[1,null,"x",9007199254740993]}')`, { a: [1, null, 'x', '9007199254740993'] }, /^VARIANT/],
  [`OBJECT_CONSTRUCT('k', 1)`, { k: 1 }, /^(?:OBJECT|VARIANT)/],
  ['ARRAY_CONSTRUCT(1, 2)', [1, 2], /^(?:ARRAY|VARIANT)/],
]

test('caps on rows, bytes and cells, truncation to the row, every type without loss, and no more read than is given [S10]', async () => {
  // Types: all in one row, by a name that they share.
  const every = await execute(`SELECT ${values.map(([sql]) => `${sql} AS v`).join(', ')}`)
  const columns = every.data['columns'] as { name: string; type: string }[]
  const [row = []] = every.data['rows'] as unknown[][]
  for (const [index, [sql, cell, type]] of values.entries()) {
    expect([sql, row[index]]).toEqual([sql, cell])
    expect(columns[index]?.name).toBe('V')
    expect(columns[index]?.type).toMatch(type)
  }
  // Rows: exact at the border, whatever LIMIT the query has of its own.
  for (const [query, limit, rowCount, truncated] of [
    [numbers(10), 10, 10, false],
    [numbers(11), 10, 10, true],
    [`${numbers(100)} LIMIT 10`, 10, 10, false],
    [`${numbers(100)} LIMIT 11`, 10, 10, true],
    ['SHOW TABLES IN SCHEMA TEST_DB.PUBLIC', 1, 1, true],
    [numbers(0), 10, 0, false],
    // The server's own cap, though a call may ask for more.
    [numbers(501), 10_000, 500, true],
    [numbers(500), 10_000, 500, false],
  ] as const)
    expect([query, limit, (await execute(query, { limit })).data]).toMatchObject([query, limit, { rowCount, truncated }])

  // Bytes: rows that do not fit are left out whole, said so, and found again behind the cursor.
  const wide = `SELECT SEQ4() AS n, REPEAT('x', 900) AS t FROM TABLE(GENERATOR(ROWCOUNT => 100)) ORDER BY n`
  let page = await execute(wide, { limit: 500 })
  expect(page.data).toMatchObject({ truncated: true, cursor: expect.any(String) as string })
  expect(page.data['rowCount']).toBeGreaterThan(15)
  expect(page.data['rowCount']).toBeLessThan(25)
  const seen: unknown[] = []
  for (;;) {
    expect(JSON.stringify(page.data['rows']).length).toBeLessThanOrEqual(20_002)
    seen.push(...(page.data['rows'] as unknown[][]).map(([n]) => n))
    if (page.data['cursor'] === undefined) break
    page = await tools.call('read_result', { cursor: page.data['cursor'], limit: 500 })
  }
  expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index))

  // Cells: cut, counted, and told; a row that cannot fit is an error that says how to mend it.
  const long = await execute(`SELECT REPEAT('é', 5000) AS t, ARRAY_CONSTRUCT(REPEAT('y', 5000)) AS a, 'short' AS s`)
  expect(long.data).toMatchObject({ cutCells: 2, truncated: false })
  const [[text = '', array = '', short] = []] = long.data['rows'] as string[][]
  expect([text.length, array.length, short]).toEqual([1000, 1000, 'short'])
  expect(long.text).toContain('2 cells were too long and are cut')
  const many = Array.from({ length: 30 }, (_, index) => `REPEAT('z', 1000) AS c${index}`).join(', ')
  expect(await tools.failure('execute_query', { query: `SELECT ${many}` })).toMatch(
    /\[MCP_ROW_TOO_LARGE\]\nHint: Select fewer columns/,
  )

  // Streaming underneath: of a million rows the first come at once, and the server has no more of them than it gives.
  const before = await heapBytes()
  const first = await execute(numbers(1_000_000), { limit: 500 })
  expect(first.data).toMatchObject({ rowCount: 500, truncated: true })
  const far = await tools.call('read_result', { cursor: (first.data['cursor'] as string).replace(/\d+$/, '99900'), limit: 100 })
  expect(far.data).toMatchObject({
    firstRow: 99_900,
    rowCount: 100,
    rows: expect.arrayContaining([[99_900], [99_999]]) as unknown,
  })
  // A million rows as JavaScript values would be hundreds of megabytes.
  expect((await heapBytes()) - before).toBeLessThan(50_000_000)
})

async function heapBytes(): Promise<number> {
  const metrics = await (await fetch(new URL('/metrics', server.url))).text()
  return Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(metrics)?.[1])
}
