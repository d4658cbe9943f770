import { join } from 'node:path'
import type { CallRecord, EndedCall } from '@squall/mcp-server'
import { temporaryDirectory } from '@squall/testing'
import { FakeClock } from '@squall/time'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { startAudit } from './audit-calls.ts'

const directory = temporaryDirectory(afterAll)

/** A call with a statement so long that a few thousand of them fill what may wait. */
function longCall(admittedMs: number | undefined): EndedCall {
  const sql = `SELECT ${Array.from({ length: 400 }, (_, index) => `COLUMN_${index}`).join(', ')}`
  const statements = [{ sql, startedMs: 0, durationMs: 1, outcome: 'ok' }]
  const record = { admittedMs, statements, statementsLeftOut: 0 } as unknown as CallRecord
  const caller = { transport: 'stdio', clientType: 'unknown' } as const
  const context = { requestId: 'r', tool: 't', arguments: {}, caller, startedMs: 0, record } as unknown as EndedCall['context']
  return { context, outcome: 'ok', code: undefined, durationMs: 1 }
}

async function answerOf(audit: Awaited<ReturnType<typeof startAudit>>): Promise<string> {
  const { context } = longCall(0)
  return (await audit.stage(context, async () => ({ kind: 'cancelled' }))).kind
}

test.each([
  ['refuse', 'refused', 'unhealthy', 0],
  ['count', 'cancelled', 'degraded', 90],
] as const)('calls that come faster than their lines are written, %s: %s, %s', async (whenFailing, answer, status, lost) => {
  const choice = { target: join(directory, whenFailing), maxFileBytes: 1e9, maxFiles: 2, whenFailing }
  const audit = await startAudit(choice, new FakeClock(), pino({ level: 'silent' }))
  expect([await answerOf(audit), audit.check()]).toEqual(['cancelled', undefined])
  // The disk is not asked before this has run through.
  for (let count = 0; audit.check() === undefined; count += 1) audit.onCallEnd(longCall(count))
  for (let count = 0; count < 90; count += 1) audit.onCallEnd(longCall(count))
  for (let count = 0; count < 10; count += 1) if (lost === 0) audit.onCallEnd(longCall(undefined))
  const message = `The audit trail is written more slowly than calls come. ${lost} lines of it are lost.`
  expect([await answerOf(audit), audit.check()]).toEqual([answer, { code: 'audit', status, message }])
  await audit.close()
})
