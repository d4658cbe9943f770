import type { RandomSource } from '@squall/time'
import { z } from 'zod'

const expected = 'seconds as a number, or text such as "500ms", "1.5s" or "2m"'
const pattern = /^(\d+(?:\.\d+)?)\s*(ms|s|m)$/
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

const oneDuration = z.union([z.number().min(0), z.string().regex(pattern)], { error: expected }).transform(toMilliseconds)

/** A time to wait: fixed, or drawn anew each time from a range. In milliseconds once parsed. */
export const durationSchema = z.union([oneDuration.transform((ms) => ({ minMs: ms, maxMs: ms })), rangeSchema()], {
  error: `${expected}, or { min, max } of these`,
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

function toMilliseconds(value: number | string): number {
  if (typeof value === 'number') return value * 1000
  const [, amount = '', unit = ''] = pattern.exec(value) ?? []
  return Number(amount) * (unitMs[unit] ?? 0)
}
