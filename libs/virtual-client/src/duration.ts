import { durationExpected, parseDuration, type RandomSource } from '@squall/time'
import { z } from 'zod'

/** Timers know 24 days at most. */
const longestMs = 24 * 86_400_000

const oneDuration = z
  .custom<unknown>((value) => (parseDuration(value) ?? Number.POSITIVE_INFINITY) <= longestMs, durationExpected)
  .transform((value) => parseDuration(value) ?? 0)

/** A time to wait: fixed, or drawn anew each time from a range. In milliseconds once parsed. */
export const durationSchema = z.union([oneDuration.transform((ms) => ({ minMs: ms, maxMs: ms })), rangeSchema()], {
  error: `${durationExpected}, or { min, max } of these`,
})

export type DurationRange = z.output<typeof durationSchema>

/** A number of milliseconds, uniform in the range. */
export function drawMs({ minMs, maxMs }: DurationRange, random: RandomSource): number {
  return minMs === maxMs ? minMs : minMs + random.next() * (maxMs - minMs)
}

function rangeSchema() {
  return z
    .strictObject({ min: oneDuration, max: oneDuration })
    .refine(({ min, max }) => min <= max)
    .transform(({ min, max }) => ({ minMs: min, maxMs: max }))
}
