import type { Column as DriverColumn } from 'snowflake-sdk'
import type { Column } from './statement.ts'

const names: Readonly<Record<string, string>> = { fixed: 'NUMBER', real: 'FLOAT' }
const withScale = new Set(['time', 'timestamp_ntz', 'timestamp_ltz', 'timestamp_tz'])

/** Describes a column of a result as Snowflake's own SQL would: `NUMBER(38,0)`, `TIMESTAMP_NTZ(9)`, `TEXT`. */
export function describeColumn(column: DriverColumn): Column {
  return { name: column.getName(), type: typeText(column), nullable: column.isNullable() }
}

function typeText(column: DriverColumn): string {
  const wireType = column.getType()
  const name = names[wireType] ?? wireType.toUpperCase()
  if (wireType === 'fixed') return `${name}(${column.getPrecision()},${column.getScale()})`
  return withScale.has(wireType) ? `${name}(${column.getScale()})` : name
}
