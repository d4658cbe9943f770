import { z } from 'zod'
import { after } from '../after.ts'
import { defineFault } from '../fault.ts'
import { chance, createLottery, delayMs } from '../options.ts'

const options = z.strictObject({
  code: z.enum(['390111', '390104']).default('390111'),
  afterMs: delayMs.default(0),
  sessionId: z.coerce.string().optional(),
  ...chance,
})

/** Ends sessions behind the backs of their clients, who learn that the session is gone (390111) or its token unknown (390104). */
export const loseSessions = defineFault({
  name: 'lose-sessions',
  summary: 'sessions end by themselves: { code?: 390111 | 390104, afterMs?, sessionId?, ratio?, seed? }',
  options,
  begin({ code, afterMs, sessionId, ...luck }, { clock, sessions, endSession, hit, finish }) {
    const strikes = createLottery(luck)
    const timer = after(clock, afterMs, () => {
      const lost = sessions.all().filter(({ id }) => (sessionId === undefined || id === sessionId) && strikes())
      for (const session of lost) {
        if (code === '390104') sessions.disown(session)
        endSession(session)
      }
      hit(lost.length)
      finish()
    })
    return { end: () => timer.cancel() }
  },
})
