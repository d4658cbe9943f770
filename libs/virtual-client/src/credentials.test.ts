import { systemClock } from '@squall/time'
import { expect, test } from 'vitest'
import type { ClientHost } from './client-host.ts'
import { createCredentials } from './credentials.ts'
import { MemoryRecorder } from './test/memory-recorder.ts'
import { planFor } from './test/plan.ts'

const newHost = (): ClientHost => ({ clock: systemClock, recorder: new MemoryRecorder(), seed: 1 })
const auth = { type: 'client_credentials', clientId: 'load', clientSecret: 'x' } as const
const plan = planFor('http://127.0.0.1:1/mcp', [{ ping: {} }])

test('all clients of a generator with the same credentials take their tokens from one source', () => {
  const host = newHost()
  const one = createCredentials(plan, auth, host)
  expect(one()).toBe(one())
  expect(createCredentials(plan, { ...auth }, host)()).toBe(one())
  expect(createCredentials(plan, { ...auth, scope: 'more' }, host)()).not.toBe(one())
  expect(createCredentials({ ...plan, target: 'http://127.0.0.1:2/mcp' }, auth, host)()).not.toBe(one())
  expect(createCredentials(plan, auth, newHost())()).not.toBe(one())
})

test('where each client is to have a token of its own, each has a source of its own', () => {
  const each = createCredentials(plan, { ...auth, perClient: true }, newHost())
  expect(each()).not.toBe(each())
})
