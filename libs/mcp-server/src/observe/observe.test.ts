import { CodedError } from '@squall/errors'
import { poolErrors } from '@squall/pool'
import { snowflakeErrors, SnowflakeQueryError } from '@squall/snowflake'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { localPrincipal } from '../access/principal.ts'
import type { EndedCall } from '../index.ts'
import { scriptedSnowflake, type Script } from '../test/scripted-snowflake.ts'
import { callTool, testCore } from '../test/test-core.ts'

const select = { query: "SELECT 'secret value'" }
const one: Script = () => ({ columns: ['1'], rows: [[1]] })

function watched(script: Script, options: Parameters<typeof testCore>[1] = {}) {
  const ended: EndedCall[] = []
  const core = testCore(scriptedSnowflake(script), { onCallEnd: (call) => ended.push(call), ...options })
  return { core, ended }
}

test('the record of a call tells its waits, its statements and when it was let run', async () => {
  const clock = new FakeClock()
  const { core, ended } = watched(
    async (sql) => {
      await clock.advance(20)
      return one(sql, { sql, timeoutMs: 1, maxRows: 1 })
    },
    { clock },
  )
  await callTool(core, 'execute_query', { ...select, use_transaction: true })
  expect(ended).toMatchObject([
    {
      outcome: 'ok',
      code: undefined,
      context: {
        tool: 'execute_query',
        record: {
          admittedMs: clock.monotonicMs() - (ended[0]?.durationMs ?? 0),
          poolWaits: [{ durationMs: 0 }],
          statements: [
            { sql: 'BEGIN', outcome: 'ok' },
            { outcome: 'ok', durationMs: 20, rows: 1, queryId: 'q2' },
            { sql: 'COMMIT', outcome: 'ok' },
          ],
        },
      },
    },
  ])
})

test('every statement carries the id of its call to Snowflake', async () => {
  const ended: EndedCall[] = []
  const snowflake = scriptedSnowflake(one)
  await callTool(testCore(snowflake, { onCallEnd: (call) => ended.push(call) }), 'execute_query', {
    ...select,
    use_transaction: true,
  })
  const { requestId } = ended[0]?.context ?? {}
  expect(snowflake.statements.map(({ queryTag }) => queryTag)).toEqual([requestId, requestId, requestId])
})

test.each([
  [
    'a statement Snowflake refused',
    new SnowflakeQueryError({ snowflakeCode: '000904', message: 'no', queryId: 'q9' }),
    'SNOWFLAKE_QUERY_FAILED',
    'q9',
  ],
  ['a lost network', new CodedError(snowflakeErrors.SNOWFLAKE_UNREACHABLE), 'SNOWFLAKE_UNREACHABLE', undefined],
  ['a bug', new TypeError('no'), undefined, undefined],
] as const)('%s is noted with its code and query id', async (_name, error, code, queryId) => {
  const { core, ended } = watched(() => error)
  await callTool(core, 'execute_query', select)
  expect(ended).toMatchObject([
    { outcome: 'tool_error', code, context: { record: { statements: [{ outcome: 'failed', code, queryId }] } } },
  ])
})

test('a statement the gate refused is noted, though it never reached Snowflake', async () => {
  const { core, ended } = watched(one)
  await callTool(core, 'execute_query', { query: 'DROP TABLE t' })
  expect(ended).toMatchObject([
    {
      outcome: 'tool_error',
      code: 'MCP_NOT_READ_ONLY',
      context: { record: { statements: [{ sql: 'DROP TABLE t', outcome: 'refused' }] } },
    },
  ])
})

test('a statement that outlives its call is told when it ends, and not in the record that was read', async () => {
  const late: unknown[] = []
  const statement = Promise.withResolvers<void>()
  const { core, ended } = watched(
    async (sql) => {
      await statement.promise
      return one(sql, { sql, timeoutMs: 1, maxRows: 1 })
    },
    { onLateStatement: ({ requestId }, { sql, outcome }) => late.push([requestId, sql, outcome]) },
  )
  await callTool(core, 'execute_query', { query: 'SELECT 1', wait: false })
  expect(late).toEqual([])
  statement.resolve()
  await expect.poll(() => late).toEqual([[ended[0]?.context.requestId, expect.stringContaining('SELECT 1'), 'ok']])
  expect(ended[0]?.context.record.statements).toEqual([])
})

test('a call that waited in vain for a session is noted with its wait', async () => {
  const ended: EndedCall[] = []
  const busy = { ...scriptedSnowflake(one), acquire: () => Promise.reject(new CodedError(poolErrors.POOL_WAIT_TIMEOUT)) }
  const core = testCore(busy, { onCallEnd: (call) => ended.push(call) })
  await callTool(core, 'execute_query', select)
  expect(ended).toMatchObject([{ code: 'POOL_WAIT_TIMEOUT', context: { record: { poolWaits: [{}], statements: [] } } }])
})

test('the record of a call that runs more statements than any tool does stays small', async () => {
  const { core, ended } = watched(one)
  await callTool(core, 'execute_query', select)
  const record = ended[0]?.context.record
  const statement = { sql: 'SELECT 1', startedMs: 0, durationMs: 0, outcome: 'ok' } as const
  for (let count = 0; count < 1000; count += 1) {
    record?.ranStatement(statement)
    record?.waitedForSession(statement)
  }
  expect([record?.statements.length, record?.statementsLeftOut, record?.poolWaits.length]).toEqual([64, 937, 64])
})

test('metrics tell calls, statements, waits, refusals and errors', async () => {
  const { core } = watched((sql) =>
    sql.includes('nope') ? new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_TIMEOUT) : one(sql, { sql, timeoutMs: 1, maxRows: 1 }),
  )
  await callTool(core, 'execute_query', { ...select, use_transaction: true })
  await callTool(core, 'execute_query', { query: 'SELECT nope' })
  await callTool(core, 'execute_query', { query: 'DROP TABLE t' })
  void core.drain(0)
  await callTool(core, 'execute_query', select)
  const metrics = await core.metrics.render()
  for (const line of [
    'mcp_requests_total{tool="execute_query",outcome="ok",client_type="unknown"} 1',
    'mcp_requests_total{tool="execute_query",outcome="tool_error",client_type="unknown"} 2',
    'mcp_refusals_total{code="MCP_SHUTTING_DOWN"} 1',
    'mcp_errors_total{code="SNOWFLAKE_QUERY_TIMEOUT"} 1',
    'mcp_errors_total{code="MCP_NOT_READ_ONLY"} 1',
    'mcp_query_errors_total{code="SNOWFLAKE_QUERY_TIMEOUT"} 1',
    'mcp_queries_total{class="select",outcome="ok"} 1',
    'mcp_queries_total{class="select",outcome="failed"} 1',
    'mcp_transactions_total{end="commit"} 1',
    'mcp_admission_wait_seconds_count 3',
    'mcp_connection_acquisition_seconds_count 3',
    'mcp_connection_lease_seconds_count 3',
    'mcp_query_rows_returned_count 3',
    'mcp_health_status{status="draining"} 1',
    'mcp_concurrent_requests 0',
  ])
    expect(metrics).toContain(`\n${line}\n`)
  expect(metrics).toMatch(/\nmcp_event_loop_active_seconds_total \d/)
  expect(metrics).toMatch(/\nprocess_resident_memory_bytes \d/)
  expect(metrics).toMatch(/\nnodejs_eventloop_lag_p99_seconds \d/)
})

test('ten thousand names of clients, tools and codes make no more metrics than a few', async () => {
  const { core } = watched(one)
  const linesOf = async (): Promise<number> => (await core.metrics.render()).split('\n').length
  await callTool(core, 'no_such_tool')
  const before = await linesOf()
  for (let index = 0; index < 10_000; index += 1) {
    const session = core.sessions.open({ owner: localPrincipal, clientType: 'unknown', clientName: `client ${index}` })
    await core.call({
      tool: `tool ${index}`,
      arguments: {},
      caller: { transport: 'stdio', clientType: 'unknown', session },
      canceller: new AbortController(),
    })
    const definition = { ...poolErrors.POOL_DRAINING, code: `MADE_UP_${index}` }
    core.metrics.callStarted()
    core.metrics.callEnded({
      context: { ...({} as EndedCall['context']), tool: 'execute_query', caller: { transport: 'stdio', clientType: 'unknown' } },
      outcome: 'refused',
      code: definition.code,
      durationMs: 1,
    })
  }
  const metrics = await core.metrics.render()
  expect(metrics).not.toContain('client 77')
  expect(metrics).not.toContain('tool 77')
  // Every code has one line, and there are 200 at most; the rest is the first uses of what is always there.
  expect((await linesOf()) - before).toBeLessThan(260)
  expect(metrics).toMatch(/mcp_refusals_total\{code="other"\} 98\d\d/)
})
