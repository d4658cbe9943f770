import type { SessionRegistry } from '@squall/session'
import type { Stage } from './stage.ts'

/** Counts a call into its client's session, which keeps the session from expiring meanwhile. */
export function countInSession(sessions: SessionRegistry): Stage {
  return async ({ caller: { session } }, next) => {
    if (session === undefined) return next()
    const finish = sessions.startRequest(session)
    let succeeded = false
    try {
      const outcome = await next()
      succeeded = outcome.kind === 'answered' && outcome.result.isError !== true
      return outcome
    } finally {
      finish(succeeded)
    }
  }
}
