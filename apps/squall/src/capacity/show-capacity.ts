import { renderCapacityTable, type Capacity } from '@squall/report'
import { hasColor } from '../run/console.ts'

/**
 * Prints what was found: for a person, or as JSON for a script.
 * @param reportPath of the page; undefined where it could not be written.
 */
export function showCapacity(
  capacity: Capacity,
  reportPath: string | undefined,
  { isQuiet, isJson }: { readonly isQuiet: boolean; readonly isJson: boolean },
): void {
  process.stdout.write(`${render()}\n`)

  function render(): string {
    if (isJson) return JSON.stringify(capacity, undefined, 2)
    const { stdout } = process
    if (isQuiet) return [`${capacity.verdict}: ${capacity.sentence}`, reportPath ?? ''].join(' ').trim()
    return renderCapacityTable(capacity, {
      color: hasColor(stdout),
      ...(stdout.isTTY && { columns: stdout.columns }),
      ...(reportPath !== undefined && { reportPath }),
    })
  }
}
