import type { Token } from '@squall/snowflake-sql'
import { quoteText } from '../translate/quote.ts'
import { SnowflakeError } from './snowflake-error.ts'
import { placeOf } from './snowflake-errors.ts'

/** Makes DuckDB compute in the zone of the parameter TIMEZONE. Throws 001008 for a zone that does not exist. */
export async function setTimezone(zone: string, run: (sql: string) => Promise<unknown>, token?: Token): Promise<void> {
  try {
    await run(`SET TimeZone = ${quoteText(zone)}`)
  } catch (cause) {
    const message = `SQL compilation error:\ninvalid value [${zone}] for parameter 'TIMEZONE'`
    throw new SnowflakeError('001008', '22023', message, placeOf(token), cause)
  }
}
