import { isProblem, parseThreshold } from '@squall/load-plan'
import { z } from 'zod'
import { aboveZero, duration, oneOf, someDuration, text, wholeNumber } from '../fields.ts'

export const clients = wholeNumber(1)
export const spawnRate = aboveZero('a number of clients per second')
export const seed = wholeNumber(0)

/** Thresholds as written; each must be one that can be judged. One alone needs no list. */
export const thresholds = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(threshold(), 'a list of thresholds such as "p95<500ms"'),
)

/** `config.squall`: what Squall reads and stock Artillery does not. */
export const squallSection = z.strictObject(
  {
    /** The target under Squall where it differs from Artillery's. */
    target: text('"embedded", or a URL').optional(),
    model: oneOf(['closed', 'open']).optional(),
    clients: clients.optional(),
    spawnRate: spawnRate.optional(),
    duration: someDuration.optional(),
    thresholds: thresholds.optional(),
    warmUp: duration.optional(),
    maxLag: duration.optional(),
    seed: seed.optional(),
    spacing: oneOf(['constant', 'poisson']).optional(),
  },
  'a mapping of settings such as clients, spawnRate, duration and thresholds',
)

export type SquallSection = z.output<typeof squallSection>

function threshold(): z.ZodType<string> {
  return z.string('a threshold such as "p95<500ms"').superRefine((expression, context) => {
    const parsed = parseThreshold(expression)
    if (isProblem(parsed)) context.addIssue({ code: 'custom', message: parsed.expected, params: { hint: parsed.hint } })
  })
}
