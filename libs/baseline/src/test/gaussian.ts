import type { RandomSource } from '@squall/time'

/** Numbers of the standard normal distribution. Source: G. E. P. Box and M. E. Muller (1958). */
export const gaussian =
  (random: RandomSource): (() => number) =>
  () =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
