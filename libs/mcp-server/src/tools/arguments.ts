import { CodedError } from '@squall/errors'
import { parseObjectName } from '@squall/sql-policy'
import { z } from 'zod'
import { rowFormats } from '../text/render-rows.ts'

/** Rows any tool gives back at most, whatever limit was asked for. */
export const mostRows = 10_000
const longestName = 300
const longestQuery = 200_000

/** An argument that names one thing; it arrives at the tool as Snowflake stores it. */
export function nameArgument(name: string, description?: string): z.ZodType<string, string> {
  const argument = z
    .string(`a name as text`)
    .max(longestName, `a name of at most ${longestName} characters`)
    .transform((text, refinement) => readName(name, text, refinement))
  return description === undefined ? argument : argument.meta({ description })
}

function readName(name: string, text: string, refinement: z.RefinementCtx): string {
  try {
    return parseObjectName(text, name, 1)[0] ?? z.NEVER
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    const [problem] = error.problems
    refinement.addIssue({ code: 'custom', message: `${problem?.expected ?? error.message}; ${problem?.hint ?? error.hint}` })
    return z.NEVER
  }
}

/** An argument that limits rows: a whole number, or digits as text; more than `mostRows` counts as `mostRows`. */
export function limitArgument(defaultRows: number): z.ZodType<number, number | undefined> {
  const expected = `a whole number from 1 to ${mostRows}`
  const rows = z
    .int(expected)
    .min(1, expected)
    .transform((limit) => Math.min(limit, mostRows))
  return z
    .preprocess((value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value), rows)
    .default(defaultRows) as z.ZodType<number, number | undefined>
}

export const formatArgument = z.enum(rowFormats, `one of ${rowFormats.join(', ')}`).default('markdown')

const longestTimeoutSeconds = 86_400
const timeoutExpected = `seconds from 1 to ${longestTimeoutSeconds}`

/** How long a call may take; the server's own limit where it is shorter. */
export const timeoutArgument = z
  .number(timeoutExpected)
  .refine((seconds) => seconds >= 1 && seconds <= longestTimeoutSeconds, timeoutExpected)
  .optional()

export const databaseArgument = nameArgument('database')
export const schemaArgument = nameArgument('schema').optional().meta({ default: 'PUBLIC' })
export const tableArgument = nameArgument('table')
export const viewNameArgument = nameArgument('view_name')

/** An argument that holds SQL. */
export const queryArgument = z
  .string('SQL as text')
  .max(longestQuery, `SQL of at most ${longestQuery} characters`)
  .meta({ description: 'One statement' })

export function flagArgument(defaultValue: boolean, description?: string): z.ZodType<boolean, boolean | undefined> {
  const argument = z.boolean('true or false').default(defaultValue)
  return description === undefined ? argument : argument.meta({ description })
}
