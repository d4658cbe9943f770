import {
  DuckDBArrayValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  type DuckDBValue,
} from '@duckdb/node-api'

/** JSON text for a list, a struct or a map; nothing for other values. Numbers too large for a double keep all their digits. */
export function toJson(value: DuckDBValue): string | undefined {
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return `[${value.items.map(toJsonItem).join(',')}]`
  if (value instanceof DuckDBStructValue) return objectOf(Object.entries(value.entries))
  if (value instanceof DuckDBMapValue) return objectOf(value.entries.map(({ key, value: item }) => [String(key), item]))
  return undefined
}

function objectOf(entries: readonly (readonly [string, DuckDBValue])[]): string {
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${toJsonItem(item)}`).join(',')}}`
}

function toJsonItem(value: DuckDBValue): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint' || value instanceof DuckDBDecimalValue) return value.toString()
  if (typeof value === 'object') return toJson(value) ?? JSON.stringify(value.toString())
  return JSON.stringify(value)
}
