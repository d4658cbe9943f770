import type { StatementResult } from '@squall/snowflake'

/** A last line for a result that stopped short, since a model may see the text alone. */
export function truncationNote({ rows, truncated }: StatementResult): string {
  return truncated
    ? `\n(There are more rows than these ${rows.length}: raise limit, or ask for less with a filter or a sum.)\n`
    : ''
}
