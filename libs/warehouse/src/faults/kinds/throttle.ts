import { z } from 'zod'
import { defineFault } from '../fault.ts'
import { chance, count, createLottery } from '../options.ts'

const options = z.strictObject({
  status: z.union([z.literal(429), z.literal(503)]).default(429),
  code: z.string().min(1).optional(),
  retryAfterSeconds: z.number().min(0).max(3_600).optional(),
  count: count.optional(),
  ...chance,
})

/** Turns requests away because there are too many (429) or the service is busy (503); after so many it stops by itself. */
export const throttle = defineFault({
  name: 'throttle',
  summary: 'requests are turned away: { status?: 429 | 503, code?, retryAfterSeconds?, count?, ratio?, seed? }',
  options,
  begin({ status, code, retryAfterSeconds, count: times = Infinity, ...luck }, { hit, finish }) {
    const strikes = createLottery(luck)
    let left = times
    return {
      onRequest() {
        if (!strikes()) return undefined
        hit()
        left -= 1
        if (left <= 0) finish()
        return {
          kind: 'reply',
          status,
          code: code ?? defaultCodes[status],
          message: status === 429 ? 'Too many requests.' : 'Service unavailable.',
          ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        }
      },
    }
  },
})

/** Drivers act on the status and do not read the body. */
const defaultCodes = { 429: '390505', 503: '390503' } as const
