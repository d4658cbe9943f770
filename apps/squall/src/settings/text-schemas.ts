import { z } from 'zod'

/** A name, a path or the like. */
export const textSchema: z.ZodType<string> = z.string('text').trim().min(1, 'text that is not empty')

/** An option without a value. */
export const switchSchema: z.ZodType<boolean> = z.boolean('true or false')
