import { renderCapacityTable, type Capacity, type CapacityFiles } from '@squall/report'
import { hasColor } from '../run/console.ts'

/** Prints what was found: for a person, or as JSON for a script. */
export function showCapacity(
  capacity: Capacity,
  files: CapacityFiles,
  { isQuiet, isJson }: { readonly isQuiet: boolean; readonly isJson: boolean },
): void {
  process.stdout.write(`${render()}\n`)

  function render(): string {
    if (isJson) return JSON.stringify(capacity, undefined, 2)
    const { stdout } = process
    if (isQuiet) return [`${capacity.verdict}: ${capacity.sentence}`, files.html].join(' ')
    return renderCapacityTable(capacity, {
      color: hasColor(stdout),
      ...(stdout.isTTY && { columns: stdout.columns }),
      reportPath: files.html,
    })
  }
}
