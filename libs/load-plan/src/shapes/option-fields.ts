import { durationExpected, parseDuration } from '@squall/time'
import { z } from 'zod'

// Options may come out of environment variables, so numbers may be text.
const toNumber = (value: unknown): unknown => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value)

/** A number of clients, or of arrivals per second. */
export const level = z.preprocess(
  toNumber,
  z.number('a number of clients or arrivals per second').min(0, 'a number of at least 0'),
)

const atLeastOne = 'a whole number of at least 1'
/** Each makes a stage of the plan, and a phase of the report. */
const mostTimes = 100

/** How often something happens. */
export const times = z.preprocess(toNumber, z.int(atLeastOne).min(1, atLeastOne).max(mostTimes, `at most ${mostTimes}`))

/** Read as milliseconds. */
export const duration = z
  .custom<unknown>((value) => parseDuration(value) !== undefined, durationExpected)
  // Only reached by what is a duration.
  .transform((value) => parseDuration(value) ?? 0)
