import type { Json } from '@squall/load-plan'
import { z } from 'zod'

const value = z
  .json('a value that JSON knows')
  .refine((list) => !Array.isArray(list) || list.length > 0, 'a list of at least one value: each client takes one of them')

/** `config.variables`. */
export const variablesSection: z.ZodType<Readonly<Record<string, Json>>> = z.record(
  z.string(),
  value,
  'a mapping of names to values',
)
