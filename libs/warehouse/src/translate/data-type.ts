import { isOperator } from '@squall/snowflake-sql'
import { syntaxError, unsupportedFeature } from '../engine/snowflake-errors.ts'
import { firstToken, leafToken, type NodeCursor } from './node-cursor.ts'

/** DuckDB's name for each of Snowflake's types that takes no scale. Integers are NUMBER(38,0) there; BIGINT is as far as anybody counts. */
const plainTypes: Readonly<Record<string, string>> = {
  INT: 'BIGINT',
  INTEGER: 'BIGINT',
  BIGINT: 'BIGINT',
  SMALLINT: 'BIGINT',
  TINYINT: 'BIGINT',
  BYTEINT: 'BIGINT',
  FLOAT: 'DOUBLE',
  FLOAT4: 'DOUBLE',
  FLOAT8: 'DOUBLE',
  DOUBLE: 'DOUBLE',
  REAL: 'DOUBLE',
  VARCHAR: 'VARCHAR',
  STRING: 'VARCHAR',
  TEXT: 'VARCHAR',
  NVARCHAR: 'VARCHAR',
  NVARCHAR2: 'VARCHAR',
  CHAR: 'VARCHAR',
  NCHAR: 'VARCHAR',
  CHARACTER: 'VARCHAR',
  BOOLEAN: 'BOOLEAN',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'TIMESTAMP',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_NTZ: 'TIMESTAMP',
  TIMESTAMPNTZ: 'TIMESTAMP',
  TIMESTAMP_LTZ: 'TIMESTAMPTZ',
  TIMESTAMPLTZ: 'TIMESTAMPTZ',
  TIMESTAMP_TZ: 'TIMESTAMPTZ',
  TIMESTAMPTZ: 'TIMESTAMPTZ',
  VARIANT: 'JSON',
  OBJECT: 'JSON',
  ARRAY: 'JSON',
  BINARY: 'BLOB',
  VARBINARY: 'BLOB',
}

const decimalTypes = new Set(['NUMBER', 'NUMERIC', 'DECIMAL', 'DEC'])
const unsupportedTypes = new Set(['GEOGRAPHY', 'GEOMETRY', 'VECTOR', 'MAP', 'FILE'])

/** Reads a Snowflake type at the cursor and gives DuckDB's. Throws 001003 for what is no type, 000002 for what DuckDB has nothing for. */
export function takeDataType(cursor: NodeCursor): string {
  const token = cursor.token()
  if (token?.kind !== 'word') throw cursor.unexpected()
  cursor.next()
  const name = token.text.toUpperCase()
  const size = takeSize(cursor)
  if (decimalTypes.has(name)) return `DECIMAL(${size[0] ?? '38'},${size[1] ?? '0'})`
  if (unsupportedTypes.has(name)) throw unsupportedFeature(name, token)
  const plain = plainTypes[name]
  if (plain === undefined) throw syntaxError(token)
  if (name === 'DOUBLE') cursor.skipKeywords('PRECISION')
  if (plain === 'VARCHAR') cursor.skipKeywords('VARYING')
  return plain
}

function takeSize(cursor: NodeCursor): readonly string[] {
  const group = cursor.takeGroup('(')
  if (!group) return []
  const tokens = group.children.map((node) => leafToken(node))
  for (const [index, token] of tokens.entries()) {
    if (index % 2 === 0 ? token?.kind !== 'number' : !isOperator(token, ',')) throw syntaxError(firstToken(group.children[index]))
  }
  return tokens.flatMap((token) => (token?.kind === 'number' ? [token.text] : []))
}
