import { principalOf, type EndedCall } from '@squall/mcp-server'
import type { Logger } from 'pino'
import { sessionMark } from './audit-entry.ts'

/** Logs each call at `info`, without arguments or SQL; undefined where the log is not that talkative, so that it costs nothing. */
export function logCalls(logger: Logger): ((call: EndedCall) => void) | undefined {
  if (!logger.isLevelEnabled('info')) return undefined
  return ({ context, outcome, code, durationMs }) => {
    const { requestId, tool, caller, record, startedMs, traceparent } = context
    const facts = {
      requestId,
      tool: tool.slice(0, 200),
      outcome,
      code,
      durationMs: Math.round(durationMs * 10) / 10,
      waitedMs: record.admittedMs === undefined ? undefined : Math.round((record.admittedMs - startedMs) * 10) / 10,
      statements: record.statements.length,
      principal: principalOf(caller).id,
      transport: caller.transport,
      clientType: caller.clientType,
      session: caller.session && sessionMark(caller.session.id),
      traceparent,
    }
    logger.info(facts, 'call')
  }
}
