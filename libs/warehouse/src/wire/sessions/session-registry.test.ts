import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import type { EngineSession } from '../../engine/engine.ts'
import { ScriptedEngine } from '../../test/scripted-engine.ts'
import { defaultLimits } from '../limits.ts'
import { SessionRegistry } from './session-registry.ts'

const hourMs = 3_600_000
const bearer = (token: string): string => `Snowflake Token="${token}"`
const openEngine = (): Promise<EngineSession> => new ScriptedEngine().openSession({ user: 'ANA' })

async function open() {
  const clock = new FakeClock()
  const lost: unknown[] = []
  const sessions = new SessionRegistry(clock, defaultLimits, (one) => lost.push(one))
  const session = sessions.add(await openEngine(), new Map())
  return { clock, lost, sessions, session, tokens: sessions.issueTokens(session) }
}

const withCode = (code: string): Error => expect.objectContaining({ code, sqlState: '08003' }) as Error

test('a session token names its session until an hour has passed', async () => {
  const { clock, sessions, session, tokens } = await open()
  await clock.advance(hourMs - 1)
  expect(sessions.authenticate(bearer(tokens.sessionToken))).toBe(session)
  await clock.advance(1)
  expect(() => sessions.authenticate(bearer(tokens.sessionToken))).toThrow(withCode('390112'))
})

test('a master token renews for four hours, counted anew from each renewal', async () => {
  const { clock, sessions, session, tokens } = await open()
  await clock.advance(4 * hourMs - 1)
  expect(sessions.authenticateMaster(bearer(tokens.masterToken))).toBe(session)
  const renewed = sessions.issueTokens(session)
  await clock.advance(1)
  expect(() => sessions.authenticateMaster(bearer(tokens.masterToken))).toThrow(withCode('390114'))
  expect(sessions.authenticateMaster(bearer(renewed.masterToken))).toBe(session)
  expect(sessions.authenticate(bearer(renewed.sessionToken))).toBe(session)
})

test('a request on its way keeps its token when another one renews', async () => {
  const { sessions, session, tokens } = await open()
  sessions.issueTokens(session)
  expect(sessions.authenticate(bearer(tokens.sessionToken))).toBe(session)
})

test('tokens do not do the work of the other kind, and forged ones none', async () => {
  const { sessions, tokens } = await open()
  expect(() => sessions.authenticate(bearer(tokens.masterToken))).toThrow(withCode('390104'))
  expect(() => sessions.authenticateMaster(bearer(tokens.sessionToken))).toThrow(withCode('390115'))
  for (const header of [undefined, '', 'Bearer x', bearer('x'), bearer(tokens.sessionToken.replace('session.1', 'session.2'))])
    expect(() => sessions.authenticate(header)).toThrow(withCode('390104'))
})

test('a session that is over is gone, and cannot be renewed', async () => {
  const { sessions, session, tokens } = await open()
  expect(sessions.delete(session)).toBe(true)
  expect(sessions.delete(session)).toBe(false)
  expect(() => sessions.authenticate(bearer(tokens.sessionToken))).toThrow(withCode('390111'))
  expect(() => sessions.authenticateMaster(bearer(tokens.masterToken))).toThrow(withCode('390114'))
})

test('a client that comes back after its session was swept learns it in the order drivers expect', async () => {
  const { clock, sessions, session, tokens } = await open()
  await clock.advance(5 * hourMs)
  expect(sessions.idle()).toEqual([session])
  sessions.delete(session)
  expect(() => sessions.authenticate(bearer(tokens.sessionToken))).toThrow(withCode('390112'))
  expect(() => sessions.authenticateMaster(bearer(tokens.masterToken))).toThrow(withCode('390114'))
})

test('use keeps a session from being idle', async () => {
  const { clock, sessions, tokens } = await open()
  await clock.advance(hourMs - 1)
  sessions.authenticate(bearer(tokens.sessionToken))
  await clock.advance(3 * hourMs + 1)
  expect(sessions.idle()).toEqual([])
})

test('session tokens can be called expired, of one session or of all; master tokens renew them', async () => {
  const { sessions, session, tokens } = await open()
  const other = sessions.add(await openEngine(), new Map())
  const otherTokens = sessions.issueTokens(other)
  expect(sessions.expireTokens('session', other.id)).toBe(1)
  expect(sessions.authenticate(bearer(tokens.sessionToken))).toBe(session)
  expect(() => sessions.authenticate(bearer(otherTokens.sessionToken))).toThrow(withCode('390112'))
  expect(sessions.expireTokens('session')).toBe(2)
  expect(() => sessions.authenticate(bearer(tokens.sessionToken))).toThrow(withCode('390112'))
  expect(sessions.authenticateMaster(bearer(tokens.masterToken))).toBe(session)
  expect(sessions.authenticate(bearer(sessions.issueTokens(session).sessionToken))).toBe(session)
})

test('a master token called expired ends the session for its client, which is lost once the client knows', async () => {
  const { lost, sessions, session, tokens } = await open()
  expect(sessions.expireTokens('master')).toBe(1)
  expect(() => sessions.authenticate(bearer(tokens.sessionToken))).toThrow(withCode('390112'))
  expect(lost).toEqual([])
  expect(() => sessions.authenticateMaster(bearer(tokens.masterToken))).toThrow(withCode('390114'))
  expect(lost).toEqual([session])
})

test('expiring a session nobody has expires nothing', async () => {
  const { sessions } = await open()
  expect(sessions.expireTokens('session', '99')).toBe(0)
})
