import { z } from 'zod'

/** A whole number within limits, from text or from a number. */
export function wholeNumber(least: number, most: number): z.ZodType<number> {
  const expected = `a whole number from ${least} to ${most}`
  return z.coerce.number(expected).int(expected).min(least, expected).max(most, expected)
}

/** A number within limits. */
export const numberBetween = (least: number, most: number, expected: string): z.ZodType<number> =>
  z.coerce.number(expected).min(least, expected).max(most, expected)

/** The smallest change of a latency that matters, as a share of it. */
export const minimumEffectSchema: z.ZodType<number> = numberBetween(0.001, 10, 'a share such as 0.05, from 0.001 to 10')

const mostWorkers = 256

/** Generator processes. */
export const workersSchema: z.ZodType<number> = wholeNumber(1, mostWorkers)
