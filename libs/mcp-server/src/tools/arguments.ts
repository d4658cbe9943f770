import { CodedError } from '@squall/errors'
import { parseObjectName } from '@squall/sql-policy'
import { z } from 'zod'

/** Rows any tool gives back at most, whatever limit was asked for. */
export const mostRows = 10_000
const longestName = 300
const longestQuery = 200_000

/** An argument that names one thing; it arrives at the tool as Snowflake stores it. */
export function nameArgument(name: string, description: string): z.ZodType<string, string> {
  return z
    .string(`a name as text`)
    .max(longestName, `a name of at most ${longestName} characters`)
    .transform((text, refinement) => readName(name, text, refinement))
    .meta({ description })
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
  const description = `Rows to return at most (default ${defaultRows}, never more than ${mostRows})`
  return z
    .preprocess((value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value), rows)
    .default(defaultRows)
    .meta({ description }) as z.ZodType<number, number | undefined>
}

export const databaseArgument = nameArgument('database', 'Database name, as list_databases gives it')
export const schemaArgument = nameArgument('schema', 'Schema name (default PUBLIC)').optional()
export const viewNameArgument = nameArgument('view_name', 'View name, as list_views gives it')

/** An argument that holds SQL. */
export const queryArgument = z
  .string('SQL as text')
  .max(longestQuery, `SQL of at most ${longestQuery} characters`)
  .meta({ description: 'One SELECT, WITH … SELECT, SHOW, DESCRIBE or EXPLAIN statement in Snowflake SQL' })

export function flagArgument(defaultValue: boolean, description: string): z.ZodType<boolean, boolean | undefined> {
  return z.boolean('true or false').default(defaultValue).meta({ description })
}
