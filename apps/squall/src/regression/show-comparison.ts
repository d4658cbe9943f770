import { describeComparison, renderComparisonTable, type Comparison } from '@squall/report'
import { hasColor } from '../run/console.ts'

/**
 * Prints a comparison: for a person, or as JSON for a script.
 * @param reportPath undefined where it could not be written.
 */
export function showComparison(
  comparison: Comparison,
  reportPath: string | undefined,
  { isQuiet, isJson }: { readonly isQuiet: boolean; readonly isJson: boolean },
): void {
  const { stdout } = process
  const table = (): string =>
    renderComparisonTable(comparison, {
      color: hasColor(stdout),
      ...(stdout.isTTY && { columns: stdout.columns }),
      ...(reportPath !== undefined && { reportPath }),
    })
  const sentence = (): string => `${comparison.verdict}: ${describeComparison(comparison)} ${reportPath ?? ''}`.trim()
  stdout.write(`${isJson ? JSON.stringify(comparison, undefined, 2) : isQuiet ? sentence() : table()}\n`)
}
