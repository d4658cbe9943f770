// A program that serves the whole pipeline, the pool of sessions included, over a Snowflake in the same process that answers at once:
// for measuring what the server itself costs.
import { exitCodes } from '@squall/errors'
import { SessionPool } from '@squall/pool'
import { runProgram } from '@squall/program'
import type { SessionContext, SnowflakeConnection, StatementResult } from '@squall/snowflake'
import { checkReadOnly } from '@squall/sql-policy'
import { systemClock } from '@squall/time'
import { createServerCore, listenHttp } from '../index.ts'
import { testInfo, testLimits } from './test-core.ts'

const poolOptions = {
  min: 2,
  max: 8,
  acquireTimeoutMs: 30_000,
  idleTimeoutMs: 1_800_000,
  maxLifetimeMs: 10_800_000,
  maxWaiting: 256,
  validateAfterIdleMs: 30_000,
}

const context: SessionContext = { database: 'TEST_DB', schema: 'PUBLIC', role: 'R', warehouse: 'W' }
const result: StatementResult = {
  queryId: 'q1',
  columns: [{ name: 'name', type: 'TEXT', nullable: true }],
  rows: [['ANALYTICS_DB'], ['STAGING_DB'], ['TEST_DB']],
  truncated: false,
  context,
}

/** Answers every statement at once, and remembers none. */
const connection: SnowflakeConnection = {
  run: async () => result,
  context: () => context,
  isUp: () => true,
  heartbeat: async () => true,
  reset: async () => true,
  close: async () => undefined,
}

await runProgram(async ({ ready, stopping }) => {
  const connections = new SessionPool(
    {
      create: async () => ({ ...connection }),
      destroy: (session) => session.close(),
      validate: (session) => session.heartbeat(),
      clean: (session) => session.reset(),
    },
    poolOptions,
    systemClock,
  )
  const core = createServerCore({
    clock: systemClock,
    connections,
    checkReadOnly,
    backend: { kind: 'embedded', account: 'LOCAL', state: () => 'up', detail: () => 'scripted' },
    limits: { ...testLimits, maxConcurrent: 256, maxSessions: 10_000 },
    onBug: (error) => process.stderr.write(`${String(error)}\n`),
  })
  const listener = await listenHttp(core, {
    host: '127.0.0.1',
    port: 0,
    allowedHosts: ['127.0.0.1'],
    maxBodyBytes: 100_000,
    info: testInfo,
    onError: (error) => process.stderr.write(`${error.message}\n`),
  })
  ready(`scripted server listening on ${listener.url}`, { url: listener.url })
  await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true }))
  await core.drain(100)
  await listener.close()
  await connections.drain(100)
  return exitCodes.ok
})
