import { z } from 'zod'
import { defineFault } from '../fault.ts'

const options = z.strictObject({ perSecond: z.number().int().min(0).max(10_000) })

/** Turns away sign-ins (429) beyond so many within any second, as a storm of reconnecting clients meets it. */
export const loginLimit = defineFault({
  name: 'login-limit',
  summary: 'too many sign-ins in a second are turned away (429): { perSecond }',
  options,
  begin({ perSecond }, { clock, hit }) {
    let granted: number[] = []
    return {
      onRequest({ isSignIn }) {
        if (!isSignIn) return undefined
        const nowMs = clock.monotonicMs()
        granted = granted.filter((atMs) => atMs > nowMs - 1_000)
        if (granted.length < perSecond) {
          granted.push(nowMs)
          return undefined
        }
        hit()
        return { kind: 'reply', status: 429, code: '390505', message: 'Too many sign-ins.', retryAfterSeconds: 1 }
      },
    }
  },
})
