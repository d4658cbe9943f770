import { CodedError } from '@squall/errors'
import { sessionErrors, type Session, type SessionRegistry } from '@squall/session'
import { principalOf, type RequestContext } from '../request-context.ts'
import type { CallOutcome } from '../tool-result.ts'
import type { Stage } from './stage.ts'

const retryAfterMs = 1000

/**
 * Finds the session a call belongs to, and counts the call into it, which keeps it from expiring meanwhile. Clients that name none,
 * as hosted connectors do, have one by who they are.
 */
export function countInSession(sessions: SessionRegistry): Stage {
  return async (context, next) => {
    const session = findSession(sessions, context)
    if (session instanceof CodedError) return { kind: 'refused', status: 503, error: session, retryAfterMs }
    context.session = session
    const finish = sessions.startRequest(session)
    let outcome: CallOutcome | undefined
    try {
      outcome = await next()
      return outcome
    } finally {
      finish(outcome?.kind === 'answered' && outcome.result.isError !== true)
    }
  }
}

function findSession(sessions: SessionRegistry, { caller }: RequestContext): Session | CodedError {
  if (caller.session !== undefined) return caller.session
  const { clientType, clientName, remoteAddress } = caller
  try {
    return sessions.implicit({ owner: principalOf(caller), clientType, clientName }, remoteAddress)
  } catch (error) {
    if (error instanceof CodedError && error.code === sessionErrors.SESSION_LIMIT_REACHED.code) return error
    throw error
  }
}
