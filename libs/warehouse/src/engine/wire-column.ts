import { type DuckDBDecimalType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import { longestText } from '../catalog/snowflake-type.ts'
import { zonedFields } from '../translate/zoned-timestamp.ts'
import type { ResultColumn } from './engine.ts'

type ColumnType = Pick<ResultColumn, 'type' | 'precision' | 'scale' | 'length'>

const none = { precision: null, scale: null, length: null }
const integer: ColumnType = { ...none, type: 'fixed', precision: 38, scale: 0 }
const text: ColumnType = { ...none, type: 'text', length: longestText }
const moment = { precision: 0, scale: 9, length: null }

/** The column of a result as the wire announces it. */
export function toResultColumn(name: string, type: DuckDBType): ResultColumn {
  return { name, ...toColumnType(type), nullable: true, database: '', schema: '', table: '' }
}

function toColumnType(type: DuckDBType): ColumnType {
  if (type.alias === 'JSON') return { ...none, type: 'variant' }
  if (type.typeId === DuckDBTypeId.DECIMAL) return decimal(type)
  if (type.typeId === DuckDBTypeId.STRUCT && type.entryNames[0] === zonedFields.instant)
    return { ...moment, type: 'timestamp_tz' }
  return columnTypes.get(type.typeId) ?? text
}

function decimal({ width, scale }: DuckDBDecimalType): ColumnType {
  return { type: 'fixed', precision: width, scale, length: null }
}

const columnTypes: ReadonlyMap<DuckDBTypeId, ColumnType> = new Map([
  [DuckDBTypeId.BOOLEAN, { ...none, type: 'boolean' }],
  [DuckDBTypeId.TINYINT, integer],
  [DuckDBTypeId.SMALLINT, integer],
  [DuckDBTypeId.INTEGER, integer],
  [DuckDBTypeId.BIGINT, integer],
  [DuckDBTypeId.HUGEINT, integer],
  [DuckDBTypeId.UTINYINT, integer],
  [DuckDBTypeId.USMALLINT, integer],
  [DuckDBTypeId.UINTEGER, integer],
  [DuckDBTypeId.UBIGINT, integer],
  [DuckDBTypeId.UHUGEINT, integer],
  [DuckDBTypeId.BIGNUM, integer],
  [DuckDBTypeId.FLOAT, { ...none, type: 'real' }],
  [DuckDBTypeId.DOUBLE, { ...none, type: 'real' }],
  [DuckDBTypeId.DATE, { ...none, type: 'date' }],
  [DuckDBTypeId.TIME, { ...moment, type: 'time' }],
  [DuckDBTypeId.TIMESTAMP, { ...moment, type: 'timestamp_ntz' }],
  [DuckDBTypeId.TIMESTAMP_S, { ...moment, type: 'timestamp_ntz' }],
  [DuckDBTypeId.TIMESTAMP_MS, { ...moment, type: 'timestamp_ntz' }],
  [DuckDBTypeId.TIMESTAMP_NS, { ...moment, type: 'timestamp_ntz' }],
  [DuckDBTypeId.TIMESTAMP_TZ, { ...moment, type: 'timestamp_ltz' }],
  [DuckDBTypeId.BLOB, { ...none, type: 'binary', length: 8_388_608 }],
  [DuckDBTypeId.LIST, { ...none, type: 'array' }],
  [DuckDBTypeId.ARRAY, { ...none, type: 'array' }],
  [DuckDBTypeId.STRUCT, { ...none, type: 'object' }],
  [DuckDBTypeId.MAP, { ...none, type: 'object' }],
])
