/** Snowflake's longest text. */
export const longestText = 16_777_216

const names: Readonly<Record<string, string>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'NUMBER(38,0)',
  SMALLINT: 'NUMBER(38,0)',
  INTEGER: 'NUMBER(38,0)',
  BIGINT: 'NUMBER(38,0)',
  HUGEINT: 'NUMBER(38,0)',
  UTINYINT: 'NUMBER(38,0)',
  USMALLINT: 'NUMBER(38,0)',
  UINTEGER: 'NUMBER(38,0)',
  UBIGINT: 'NUMBER(38,0)',
  FLOAT: 'FLOAT',
  DOUBLE: 'FLOAT',
  DATE: 'DATE',
  TIME: 'TIME(9)',
  TIMESTAMP: 'TIMESTAMP_NTZ(9)',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP_LTZ(9)',
  BLOB: 'BINARY(8388608)',
  JSON: 'VARIANT',
}

/** How Snowflake would call a column of this DuckDB type: `DECIMAL(12,2)` is `NUMBER(12,2)`. What it has no name for is text. */
export function toSnowflakeType(duckType: string): string {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(duckType)
  if (decimal) return `NUMBER(${decimal[1]},${decimal[2]})`
  if (duckType.endsWith('[]')) return 'ARRAY'
  if (duckType.startsWith('STRUCT') || duckType.startsWith('MAP')) return 'OBJECT'
  return names[duckType] ?? `VARCHAR(${longestText})`
}
