import { z } from 'zod'
import { findConditionMistake } from '../conditions.ts'

/** A condition as written in a pack. */
export const conditionSchema: z.ZodType<string> = z
  .string({ error: 'a condition such as page < 10, or the name of a function' })
  .superRefine((expression, context) => {
    const mistake = findConditionMistake(expression)
    if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake })
  })
