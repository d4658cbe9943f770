import { SessionRegistry, type Session } from '@squall/session'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { CallRecord } from '../observe/call-record.ts'
import type { RequestContext } from '../request-context.ts'
import { testLimits } from '../test/test-core.ts'
import { SnowflakeBreakers } from './snowflake-breakers.ts'

const contextOf = (session: Session): RequestContext => ({
  requestId: 'r',
  tool: 't',
  arguments: {},
  caller: { transport: 'http', clientType: 'unknown' },
  startedMs: 0,
  signal: new AbortController().signal,
  record: new CallRecord(),
  session,
})

function setUp() {
  const clock = new FakeClock()
  const breakers = new SnowflakeBreakers(clock, { ...testLimits.breaker, failuresInARow: 1 })
  const sessions = new SessionRegistry({ clock, idleTtlMs: 1e9, maxSessions: 1e6, maxSessionsPerOwner: 1e6 })
  const sessionOf = (id: string): Session => sessions.open({ owner: { id, weight: 1, isShared: false }, clientType: 'unknown' })
  /** A call of a principal that is let through, or not. */
  const enter = (session: Session): RequestContext | undefined => {
    const context = contextOf(session)
    return breakers.enter(context, session) ? context : undefined
  }
  const failSignIn = (session: Session): void => {
    const context = enter(session)
    if (context === undefined) throw new Error('the call was not let through')
    breakers.note(context, 'sign_in_failed')
    breakers.leave(context)
  }
  return { clock, breakers, sessionOf, enter, failSignIn }
}

test('of a principal whose sign-in failed one call tries, and its others wait for it', async () => {
  const { clock, breakers, sessionOf, enter, failSignIn } = setUp()
  const session = sessionOf('a')
  failSignIn(session)
  expect([breakers.refusal(session), enter(session)]).toEqual([1000, undefined])
  await clock.advance(1000)
  const trial = enter(session)
  expect([breakers.refusal(session), trial === undefined, enter(session)]).toEqual([undefined, false, undefined])
  // A call that was turned away holds no place in the trial of Snowflake itself.
  expect(enter(sessionOf('b'))).toBeDefined()
  if (trial !== undefined) breakers.note(trial, 'sign_in_failed')
  expect(breakers.refusal(session)).toBe(2000)
})

test('calls that fail together count as one failure each, whichever was first', () => {
  const { breakers, sessionOf, enter } = setUp()
  const session = sessionOf('a')
  const together = [enter(session), enter(session)]
  for (const context of together) if (context !== undefined) breakers.note(context, 'sign_in_failed')
  expect(breakers.stats()).toEqual({ state: 'closed', openedTotal: 0, principals: 1 })
})

test('what comes of a call that was never let in changes nothing', () => {
  const { breakers, sessionOf } = setUp()
  breakers.note(contextOf(sessionOf('a')), 'unreachable')
  breakers.leave(contextOf(sessionOf('a')))
  expect(breakers.stats().state).toBe('closed')
})

test('principals whose sign-in fails are remembered up to a bound', () => {
  const { breakers, sessionOf, failSignIn } = setUp()
  for (let n = 0; n < 1100; n += 1) failSignIn(sessionOf(`p${n}`))
  expect(breakers.stats().principals).toBe(1000)
})
