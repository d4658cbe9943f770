import { durationExpected, parseDuration } from '@squall/time'
import { z } from 'zod'

// Values in packs may come out of environment variables, so numbers may be text.
const toNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value) ? Number(value) : value

function number(expected: string, isRight: (value: number) => boolean): z.ZodType<number> {
  return z
    .custom<unknown>((value) => {
      const read = toNumber(value)
      return typeof read === 'number' && Number.isFinite(read) && isRight(read)
    }, expected)
    .transform((value) => Number(value))
}

/**
 * What is beyond these is a slip of the finger: it would fail later, and with less to say. Timers know 24 days at most.
 */
export const mostClients = 1_000_000
export const mostPerSecond = 1_000_000
const longestDays = 24
const longestMs = longestDays * 86_400_000

const atMost = (schema: z.ZodType<number>, most: number): z.ZodType<number> =>
  schema.refine((value) => value <= most, `at most ${most.toLocaleString('en')}`)

/** How many clients. */
export const clientCount = (): z.ZodType<number> => atMost(wholeNumber(1), mostClients)
/** So many a second, above 0. */
export const perSecond = (unit: string): z.ZodType<number> => atMost(aboveZero(unit), mostPerSecond)
/** So many a second, or none. */
export const perSecondOrNone = (unit: string): z.ZodType<number> => atMost(atLeastZero(unit), mostPerSecond)

/** A share, relative to the sum of all. */
export const weight = (): z.ZodType<number> => atMost(aboveZero('a number'), 1_000_000)

/** A count of things: a whole number of at least `least`. */
export const wholeNumber = (least: number): z.ZodType<number> =>
  number(`a whole number of at least ${least}`, (value) => Number.isSafeInteger(value) && value >= least)

export const aboveZero = (unit: string): z.ZodType<number> => number(`${unit} above 0`, (value) => value > 0)
const atLeastZero = (unit: string): z.ZodType<number> => number(`${unit} of at least 0`, (value) => value >= 0)

export const tooLong = `at most ${longestDays} days`

/** From none to all. */
export const ratio = (): z.ZodType<number> => number('a share from 0 to 1', (value) => value >= 0 && value <= 1)

/** Read as milliseconds. */
export const duration = z
  .custom<unknown>((value) => parseDuration(value) !== undefined, durationExpected)
  .transform(toMs)
  .refine(isNotTooLong, tooLong)
/** Read as milliseconds; not 0. */
export const someDuration = z
  .custom<unknown>((value) => (parseDuration(value) ?? 0) > 0, `${durationExpected}, above 0`)
  .transform(toMs)
  .refine(isNotTooLong, tooLong)

export const text = (expected: string): z.ZodType<string> => z.string(expected).min(1, expected)

/** One of a few words. */
export const oneOf = <const T extends string>(words: readonly [T, ...T[]]): z.ZodType<T> =>
  z.enum(words, `one of ${words.join(', ')}`)

export function isNotTooLong(ms: number): boolean {
  return ms <= longestMs
}

function toMs(value: unknown): number {
  // Only called on what was checked.
  return parseDuration(value) ?? 0
}

const booleanWords: Readonly<Record<string, boolean>> = { true: true, false: false }

/** As a value of its own, or as text that came out of an environment variable. */
export const trueOrFalse: z.ZodType<boolean> = z.preprocess(
  (value) => (typeof value === 'string' ? (booleanWords[value] ?? value) : value),
  z.boolean('true or false'),
)
