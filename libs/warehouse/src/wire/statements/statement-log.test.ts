import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { ScriptedEngine } from '../../test/scripted-engine.ts'
import { defaultLimits, type WireLimits } from '../limits.ts'
import { ServedResult } from '../results/served-result.ts'
import { WireSession } from '../sessions/wire-session.ts'
import { StatementLog } from './statement-log.ts'
import { Statement } from './statement.ts'

interface Logged {
  readonly clock: FakeClock
  readonly log: StatementLog
  readonly engine: ScriptedEngine
  readonly session: WireSession
  readonly start: (sqlText: string, session?: WireSession, timeoutMs?: number) => Statement
  readonly openSession: (id: string, user: string) => Promise<WireSession>
}

const reportBug = (error: unknown): never => {
  throw error
}

async function open(limits: Partial<WireLimits> = {}): Promise<Logged> {
  const clock = new FakeClock()
  const allLimits = { ...defaultLimits, inlineRows: 10, ...limits }
  const log = new StatementLog(clock, allLimits)
  const engine = new ScriptedEngine()
  const openSession = async (id: string, user: string): Promise<WireSession> =>
    new WireSession(id, await engine.openSession({ user }), new Map(), 0)
  const first = await openSession('1', 'ANA')
  let lastId = 0
  const start: Logged['start'] = (sqlText, session = first, timeoutMs?) => {
    const request = { requestId: `r${++lastId}`, sqlText, binds: [], describeOnly: false, timeoutMs }
    const execute: ConstructorParameters<typeof Statement>[2]['execute'] = async (sql, options) =>
      ServedResult.open(await session.engine.execute(sql, options), allLimits)
    const statement = new Statement(session, request, { clock, reportBug, execute, beforeRun: () => Promise.resolve() })
    log.add(statement)
    return statement
  }
  return { clock, log, engine, session: first, start, openSession }
}

async function finish({ log, session, start }: Logged, sqlText: string): Promise<Statement> {
  const statement = start(sqlText)
  await statement.finished
  expect(log.byQueryId(session, statement.queryId)).toBe(statement)
  return statement
}

test('a statement is found by its ids, by sessions of the same user only', async () => {
  const logged = await open()
  const { log, session, openSession } = logged
  const statement = await finish(logged, 'ROWS 1')
  const [sameUser, otherUser] = [await openSession('2', 'ANA'), await openSession('3', 'BOB')]
  expect(log.byRequestId(session, 'r1')).toBe(statement)
  expect(log.byRequestId(sameUser, 'r1')).toBeUndefined()
  expect(log.byQueryId(sameUser, statement.queryId)).toBe(statement)
  expect(log.byQueryId(otherUser, statement.queryId)).toBeUndefined()
})

test('results are forgotten after their time; running statements never', async () => {
  const logged = await open({ retentionMs: 1_000 })
  const { clock, log, session, start } = logged
  const running = start('HANG')
  const old = await finish(logged, 'ROWS 100')
  await clock.advance(600)
  const young = await finish(logged, 'ROWS 1')
  await clock.advance(400)
  log.sweep()
  expect(log.of(session)).toEqual([running, young])
  expect(log.byResultAddress(old.queryId)).toBeUndefined()
  running.cancel()
  await running.finished
})

test('a session keeps its newest statements only', async () => {
  const logged = await open({ statementsPerSession: 2 })
  await finish(logged, 'ROWS 1')
  const second = await finish(logged, 'ROWS 2')
  const third = await finish(logged, 'ROWS 3')
  expect(logged.log.of(logged.session)).toEqual([second, third])
})

test('the oldest results make room for new ones, but the newest stays whatever its size', async () => {
  const logged = await open({ heldResultBytes: 8_000 })
  await finish(logged, 'ROWS 100')
  const second = await finish(logged, 'ROWS 1')
  const third = await finish(logged, 'ROWS 2')
  expect(logged.log.of(logged.session)).toEqual([second, third])
  const huge = await finish(logged, 'ROWS 100000')
  expect(logged.log.of(logged.session)).toEqual([huge])
})

test('the end of a session cancels what runs and forgets the rest', async () => {
  const logged = await open()
  const { log, session, start } = logged
  const done = await finish(logged, 'ROWS 1')
  const running = start('HANG')
  expect(log.isBusy(session)).toBe(true)
  await log.endSession(session)
  expect(running.outcome).toMatchObject({ kind: 'failure', isCancelled: true, error: { code: '000604', sqlState: '57014' } })
  expect(log.of(session)).toEqual([])
  expect(log.byResultAddress(done.queryId)).toBeUndefined()
  expect(log.byResultAddress(running.queryId)).toBeUndefined()
})

test('a statement that runs into its timeout is cancelled by it', async () => {
  const { clock, start, session } = await open()
  const statement = start('HANG', session, 2_000)
  await clock.advance(1_999)
  expect(statement.outcome).toBeUndefined()
  await clock.advance(1)
  expect(statement.outcome).toMatchObject({ kind: 'failure', error: { code: '000630', sqlState: '57014' } })
  expect(statement.durationMs).toBe(2_000)
})

test('a statement that ended in time leaves no timer behind', async () => {
  const { clock, start, session } = await open()
  const statement = start('ROWS 1', session, 2_000)
  await statement.finished
  expect(clock.pendingCount).toBe(0)
  expect(statement.cancel()).toBe(false)
})

test('an engine that ends well although it was cancelled does not change the answer', async () => {
  const { engine, start } = await open()
  const statement = start('WAIT')
  expect(statement.cancel()).toBe(true)
  engine.release()
  await statement.finished
  expect(statement.outcome).toMatchObject({ kind: 'failure', error: { code: '000604' } })
})
