import Fastify from 'fastify'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { ScriptedEngine } from '../../test/scripted-engine.ts'
import { defaultLimits } from '../limits.ts'
import { SessionRegistry } from '../sessions/session-registry.ts'
import { SignIn } from '../sign-in/sign-in.ts'
import { Signer } from '../signer.ts'
import { StatementLog } from '../statements/statement-log.ts'
import { addAdminRoutes } from './admin-routes.ts'

const reportBug = (): void => undefined

test('callers from other machines learn the health, and nothing else', async () => {
  const clock = new FakeClock()
  const app = Fastify()
  addAdminRoutes(app, {
    engine: new ScriptedEngine(),
    account: 'LOCAL',
    signIn: new SignIn('LOCAL', [], clock),
    sessions: new SessionRegistry(clock, defaultLimits),
    statements: new StatementLog(clock, defaultLimits, reportBug),
    addressSigner: new Signer(),
    clock,
    limits: defaultLimits,
    reportBug,
  })
  const ask = async (method: 'GET' | 'POST', url: string, remoteAddress: string): Promise<number> =>
    (await app.inject({ method, url, remoteAddress })).statusCode
  for (const [remoteAddress, status] of [['10.0.0.7', 403] as const, ['::1', 200] as const]) {
    expect(await ask('GET', '/_local/health', remoteAddress)).toBe(200)
    expect(await ask('GET', '/_local/sessions', remoteAddress)).toBe(status)
    expect(await ask('POST', '/_local/expire-tokens', remoteAddress)).toBe(status)
  }
})
