import type { RandomSource } from '@squall/time'
import { z } from 'zod'
import { delayMs } from './options.ts'

/** How long: always the same, anything between two bounds, or log-normal, as service times mostly are. */
export const delayDistribution = z.union(
  [
    z.strictObject({ ms: delayMs }),
    z
      .strictObject({ minMs: delayMs, maxMs: delayMs })
      .refine(({ minMs, maxMs }) => minMs <= maxMs, { error: 'minMs must not be above maxMs' }),
    z.strictObject({ medianMs: delayMs, sigma: z.number().min(0).max(5) }),
  ],
  { error: 'expected { ms }, { minMs, maxMs } or { medianMs, sigma }' },
)

export type DelayDistribution = z.infer<typeof delayDistribution>

/** The longest wait a log-normal distribution is let to give. */
const longestMs = 3_600_000

/**
 * Draws a delay in milliseconds. The logarithm of a log-normal delay is normal with mean ln(median) and deviation sigma; the normal
 * number is made by the Box-Muller transform.
 */
export function drawDelayMs(distribution: DelayDistribution, random: RandomSource): number {
  if ('ms' in distribution) return distribution.ms
  if ('minMs' in distribution) return distribution.minMs + random.next() * (distribution.maxMs - distribution.minMs)
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  return Math.min(longestMs, distribution.medianMs * Math.exp(distribution.sigma * normal))
}
