import { z } from 'zod'

const expected = 'a share such as 0.05, from 0.001 to 10'

/** The smallest change of a latency that matters, as a share of it. */
export const minimumEffectSchema: z.ZodType<number> = z.coerce.number(expected).min(0.001, expected).max(10, expected)
