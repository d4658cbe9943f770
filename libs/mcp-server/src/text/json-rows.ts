import type { Cell } from '@squall/snowflake'

/** Renders rows as a JSON array with an object per row, each on a line of its own. A name that comes again is numbered: `A`, `A_2`. */
export function renderJsonRows(columnNames: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const keys = distinct(columnNames).map((name) => JSON.stringify(name))
  // Written by hand: an object would reorder keys that look like numbers, and take `__proto__` for something else.
  const lines = rows.map((row) => `{${row.map((cell, index) => `${keys[index]}:${JSON.stringify(cell)}`).join(',')}}`)
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`
}

function distinct(names: readonly string[]): string[] {
  const taken = new Set(names)
  const used = new Set<string>()
  return names.map((name) => {
    let unique = name
    for (let count = 2; used.has(unique); count += 1) {
      const next = `${name}_${count}`
      unique = taken.has(next) ? unique : next
    }
    used.add(unique)
    return unique
  })
}
