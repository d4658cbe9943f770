import type { Reader } from '../snowflake/reader.ts'
import { toSql } from '../tools/object-name.ts'
import { columnReader } from '../tools/result-columns.ts'

/** Where SHOW looks for what may be anywhere: the account; or, where an operator lets less be listed, each database that may be. */
export async function showPlaces(reader: Reader): Promise<readonly string[]> {
  if (reader.allows('SHOW SCHEMAS IN ACCOUNT')) return ['ACCOUNT']
  return (await allowedDatabases(reader)).map((database) => `DATABASE ${toSql(database)}`)
}

/** Databases whose schemas may be listed. */
export async function allowedDatabases(reader: Reader): Promise<readonly string[]> {
  const result = await reader.read('SHOW DATABASES')
  const names = result.rows.map(columnReader(result, 'name'))
  return names.filter((name) => reader.allows(`SHOW SCHEMAS IN DATABASE ${toSql(name)}`))
}
