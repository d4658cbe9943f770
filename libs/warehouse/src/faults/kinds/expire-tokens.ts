import { z } from 'zod'
import { after } from '../after.ts'
import { defineFault } from '../fault.ts'
import { delayMs } from '../options.ts'

const options = z.strictObject({
  kind: z.enum(['session', 'master']).default('session'),
  afterMs: delayMs.default(0),
  sessionId: z.coerce.string().optional(),
})

/** Calls tokens expired: with those of the session (390112) clients renew them, with the master's too (390114) they sign in again. */
export const expireTokens = defineFault({
  name: 'expire-tokens',
  summary: 'tokens expire (390112 or 390114): { kind?: session | master, afterMs?, sessionId? }',
  options,
  begin({ kind, afterMs, sessionId }, { clock, sessions, hit, finish }) {
    const timer = after(clock, afterMs, () => {
      hit(sessions.expireTokens(kind, sessionId))
      finish()
    })
    return { end: () => timer.cancel() }
  },
})
