// Options that several faults share.
import { seededRandom } from '@squall/time'
import { z } from 'zod'

export const delayMs = z.number().min(0).max(86_400_000)
export const count = z.number().int().min(1)

/** A regular expression, without regard to case, on a statement's text. */
export const pattern = z.string().transform((source, context) => {
  try {
    return new RegExp(source, 'is')
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
})

/** How many of those it could strike it strikes, and the seed of that choice. */
export const chance = { ratio: z.number().min(0).max(1).default(1), seed: z.number().int().default(1) }

/** Says of one after the other whether it is struck; the same seed gives the same answers. */
export function createLottery({ ratio, seed }: { readonly ratio: number; readonly seed: number }): () => boolean {
  const random = seededRandom(seed)
  return () => ratio >= 1 || random.next() < ratio
}
