import { expect, test } from 'vitest'
import { SessionLedger } from './session-ledger.ts'
import type { Place, SessionContext } from './statement.ts'
import { statementEffect } from './statement-effect.ts'

const at = (
  database: string | null,
  schema: string | null = 'PUBLIC',
  role = 'R',
  warehouse: string | null = 'W',
): SessionContext => ({
  database,
  schema,
  role,
  warehouse,
})

/** A session whose Snowflake does as told; `sent` is every statement that reached it. */
class Session {
  readonly ledger: SessionLedger
  readonly sent: string[] = []
  #now: SessionContext

  constructor(birth: SessionContext) {
    this.ledger = new SessionLedger(birth)
    this.#now = birth
  }

  run(sql: string, place?: Place | 'anywhere'): SessionContext {
    const effect = statementEffect(sql)
    const move = this.ledger.moveFor(place, effect)
    if (move) this.ledger.moved(move, this.#send(move.sql))
    this.ledger.willRun(effect)
    const reply = this.#send(sql)
    this.ledger.didRun(effect, reply)
    return reply
  }

  #send(sql: string): SessionContext {
    this.sent.push(sql)
    const [, schema] = /^USE SCHEMA "?[^."]+"?\."?([^"]+)/.exec(sql) ?? []
    const [, database] = /^USE (?:DATABASE|SCHEMA) "?([^."]+)/.exec(sql) ?? []
    const [, role] = /^USE ROLE (.+)/.exec(sql) ?? []
    const [, warehouse] = /^USE WAREHOUSE (.+)/.exec(sql) ?? []
    if (database !== undefined) this.#now = { ...this.#now, database, schema: schema ?? 'PUBLIC' }
    if (role !== undefined) this.#now = { ...this.#now, role }
    if (warehouse !== undefined) this.#now = { ...this.#now, warehouse }
    return this.#now
  }
}

test('reading where the session stands costs nothing beside', () => {
  const session = new Session(at('HOME'))
  session.run('SELECT 1')
  session.run('SHOW TABLES', {})
  session.run('SELECT 2', { database: 'HOME', schema: 'PUBLIC' })
  expect(session.sent).toEqual(['SELECT 1', 'SHOW TABLES', 'SELECT 2'])
})

test('a statement for another place goes there first, and the next one back', () => {
  const session = new Session(at('HOME'))
  expect(session.run('SELECT 1', { database: 'a "b"', schema: 'S' })).toMatchObject({ database: 'a ' })
  session.run('SELECT 2')
  expect(session.sent).toEqual(['USE SCHEMA "a ""b"""."S"', 'SELECT 1', 'USE SCHEMA "HOME"."PUBLIC"', 'SELECT 2'])
})

test('users who work in the same place do not pay for moving, and others do not notice', () => {
  const session = new Session(at('HOME'))
  session.run('SELECT 1', { database: 'A' })
  session.ledger.goHome()
  session.run('SELECT 2', { database: 'A' })
  session.ledger.goHome()
  expect(session.ledger.context).toEqual(at('HOME'))
  expect(session.run('SELECT 3')).toMatchObject({ database: 'HOME' })
  expect(session.sent.filter((sql) => sql.startsWith('USE'))).toEqual(['USE DATABASE "A"', 'USE SCHEMA "HOME"."PUBLIC"'])
})

test('a schema alone is one of the own database, wherever an earlier user went', () => {
  const session = new Session(at('HOME'))
  session.run('SELECT 1', { database: 'A' })
  session.ledger.goHome()
  expect(session.run('SELECT 2', { schema: 'S' })).toMatchObject({ database: 'HOME', schema: 'S' })
})

test('a USE moves its user until the session goes home', () => {
  const session = new Session(at('HOME'))
  session.run('USE DATABASE A')
  expect(session.ledger.context).toMatchObject({ database: 'A' })
  session.run('SELECT 1')
  expect(session.run('SELECT 2', { database: 'B' })).toMatchObject({ database: 'B' })
  expect(session.run('SELECT 3')).toMatchObject({ database: 'A' })
  session.ledger.goHome()
  expect(session.run('SELECT 4')).toMatchObject({ database: 'HOME' })
})

test('the USE of the next user needs no way back before it', () => {
  const session = new Session(at('HOME'))
  session.run('USE DATABASE A')
  session.ledger.goHome()
  session.run('USE DATABASE B')
  expect(session.sent).toEqual(['USE DATABASE A', 'USE DATABASE B'])
})

test('a USE SCHEMA, which may mean the current database, finds the session at home', () => {
  const session = new Session(at('HOME'))
  session.run('SELECT 1', { database: 'A' })
  session.ledger.goHome()
  session.run('USE SCHEMA HOME.S')
  expect(session.sent.slice(2)).toEqual(['USE SCHEMA "HOME"."PUBLIC"', 'USE SCHEMA HOME.S'])
})

test('a session born without a database cannot go back to having none', () => {
  const session = new Session(at(null, null))
  session.run('SELECT 1')
  session.run('SELECT 2', { database: 'A' })
  session.ledger.goHome()
  expect(() => session.run('SELECT 3')).toThrow(expect.objectContaining({ code: 'SNOWFLAKE_SESSION_LOST' }))
  expect(session.run('SELECT 4', { database: 'B' })).toMatchObject({ database: 'B' })
  expect(session.run('SHOW DATABASES', 'anywhere')).toMatchObject({ database: 'B' })
  expect(session.sent).toEqual(['SELECT 1', 'USE DATABASE "A"', 'SELECT 2', 'USE DATABASE "B"', 'SELECT 4', 'SHOW DATABASES'])
})

test('a statement that runs alike anywhere moves nothing', () => {
  const session = new Session(at('HOME'))
  session.run('SELECT 1', { database: 'A' })
  session.run('BEGIN', 'anywhere')
  session.run('SELECT 2', { database: 'A' })
  expect(session.sent).toEqual(['USE DATABASE "A"', 'SELECT 1', 'BEGIN', 'SELECT 2'])
})

test.each([
  ['a move', (ledger: SessionLedger) => ledger.willMove()],
  ['a USE', (ledger: SessionLedger) => ledger.willRun('schema')],
])('after %s that was given up nobody knows where the session stands, and the next user goes where it must be', (_what, send) => {
  const ledger = new SessionLedger(at('HOME'))
  send(ledger)
  ledger.goHome()
  expect(ledger.moveFor(undefined, 'none')).toMatchObject({ sql: 'USE SCHEMA "HOME"."PUBLIC"' })
  expect(ledger.moveFor({ database: 'HOME', schema: 'PUBLIC' }, 'none')).toBeDefined()
  ledger.wasRefused()
  expect(ledger.moveFor(undefined, 'none')).toBeUndefined()
})

test('a schema without any database is refused as Snowflake would', () => {
  const session = new Session(at(null, null))
  expect(() => session.run('SELECT 1', { schema: 'S' })).toThrow(
    expect.objectContaining({ code: 'SNOWFLAKE_QUERY_FAILED', snowflakeCode: '090105' }),
  )
})

test('a way back that ends elsewhere is a session lost', () => {
  const ledger = new SessionLedger(at('HOME', 'S'))
  ledger.didRun('database', at('A'))
  ledger.goHome()
  const move = ledger.moveFor(undefined, 'none')
  expect(move?.sql).toBe('USE SCHEMA "HOME"."S"')
  expect(() => move && ledger.moved(move, at('HOME', 'PUBLIC'))).toThrow(
    expect.objectContaining({ code: 'SNOWFLAKE_SESSION_LOST' }),
  )
})

test.each(['USE ROLE ADMIN', 'USE WAREHOUSE BIG', 'SET x = 1', 'CREATE TEMP TABLE t (a INT)', 'CALL p()'])(
  'after %s nothing is proven',
  (sql) => {
    const session = new Session(at('HOME'))
    session.run(sql)
    expect(session.ledger.doubt).toBeDefined()
  },
)

test('a role or warehouse that changed unasked is noticed in the reply', () => {
  for (const reply of [at('HOME', 'PUBLIC', 'OTHER'), at('HOME', 'PUBLIC', 'R', null)]) {
    const ledger = new SessionLedger(at('HOME'))
    ledger.didRun('none', reply)
    expect(ledger.doubt).toMatch(/role|warehouse/)
  }
})

test('a transaction is open from its BEGIN, even one that failed, to its end', () => {
  const ledger = new SessionLedger(at('HOME'))
  ledger.willRun('begin')
  expect(ledger.inTransaction).toBe(true)
  ledger.didRun('end', at('HOME'))
  expect(ledger.inTransaction).toBe(false)
  expect(ledger.doubt).toBeUndefined()
})

test('the first doubt is the one told', () => {
  const ledger = new SessionLedger(at('HOME'))
  ledger.doubtBecause('one')
  ledger.doubtBecause('two')
  expect(ledger.doubt).toBe('one')
})
