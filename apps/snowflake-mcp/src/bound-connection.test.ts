import type { SnowflakeConnection, Statement, StatementResult } from '@squall/snowflake'
import { expect, test } from 'vitest'
import { boundTo } from './bound-connection.ts'

const statement: Statement = { sql: 'SELECT 1', timeoutMs: 1000, maxRows: 1 }
const context = { database: 'D', schema: 'S', role: 'R', warehouse: 'W' }
const result: StatementResult = { queryId: 'q', columns: [], rows: [], truncated: false, context }

function setUp(run: SnowflakeConnection['run']) {
  const life = new AbortController()
  const closed: string[] = []
  const connection = boundTo(life.signal, {
    run,
    context: () => context,
    isUp: () => true,
    heartbeat: async () => true,
    reset: async () => true,
    close: async () => void closed.push('closed'),
  })
  return { connection, closed, die: () => life.abort() }
}

test('while its process lives a session is what it was', async () => {
  const { connection, closed } = setUp(async () => result)
  expect(await connection.run(statement)).toBe(result)
  expect([connection.context(), connection.isUp(), await connection.heartbeat(), await connection.reset()]).toEqual([
    context,
    true,
    true,
    true,
  ])
  await connection.close()
  expect(closed).toEqual(['closed'])
})

test('a statement under which the process ends fails at once, as with a lost session', async () => {
  const { connection, die } = setUp(() => new Promise(() => undefined))
  const running = connection.run(statement)
  die()
  await expect(running).rejects.toMatchObject({ code: 'SNOWFLAKE_SESSION_LOST' })
})

test('a session of a process that ended is good for nothing, and closes without a word', async () => {
  const { connection, closed, die } = setUp(async () => result)
  die()
  await expect(connection.run(statement)).rejects.toMatchObject({ code: 'SNOWFLAKE_SESSION_LOST' })
  expect([connection.isUp(), await connection.heartbeat(), await connection.reset()]).toEqual([false, false, false])
  await connection.close()
  expect(closed).toEqual([])
})
