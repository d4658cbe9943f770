import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { ScriptedEngine } from '../../test/scripted-engine.ts'
import { createParts } from '../create-parts.ts'
import { addAdminRoutes } from './admin-routes.ts'

test('callers from other machines learn the health, and nothing else', async () => {
  const app = Fastify()
  addAdminRoutes(app, createParts({ engine: new ScriptedEngine(), users: [], onBug: () => undefined }, app.server))
  const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, remoteAddress: string): Promise<number> =>
    (await app.inject({ method, url, remoteAddress })).statusCode
  for (const [remoteAddress, status] of [['10.0.0.7', 403] as const, ['::1', 200] as const]) {
    expect(await ask('GET', '/_local/health', remoteAddress)).toBe(200)
    for (const path of ['sessions', 'state', 'faults', 'warehouses'])
      expect(await ask('GET', `/_local/${path}`, remoteAddress)).toBe(status)
    for (const path of ['expire-tokens', 'reset']) expect(await ask('POST', `/_local/${path}`, remoteAddress)).toBe(status)
    expect(await ask('PUT', '/_local/faults/expire-tokens', remoteAddress)).toBe(status)
    expect(await ask('DELETE', '/_local/faults', remoteAddress)).toBe(status)
  }
})
