import { CodedError } from '@squall/errors'
import type { Column as DriverColumn } from 'snowflake-sdk'
import { snowflakeErrors } from './errors.ts'

/** What a column of the driver has beside its declared type: the function its row stream calls for each value. */
interface ReadingColumn {
  _getRowValue?: (row: { readonly values?: readonly unknown[] }) => unknown
}

/**
 * Makes the columns of one result hand out values as they came over the wire.
 *
 * The driver's own conversions lose digits, cost most of the time of a large result, and throw inside a timer, where nobody can
 * catch it, when a value is not as expected: that ends the process. There is no public way around them.
 * @throws CodedError SNOWFLAKE_BAD_VALUE where the driver does not look as it does in the version this was written for.
 */
export function readRaw(columns: readonly (DriverColumn & ReadingColumn)[]): void {
  for (const column of columns) {
    if (typeof column._getRowValue !== 'function') {
      throw new CodedError(snowflakeErrors.SNOWFLAKE_BAD_VALUE, { message: 'this version of snowflake-sdk is not supported' })
    }
    const index = column.getIndex()
    // Must not throw. `undefined` stands for what is not there; it is refused when the cell is read.
    column._getRowValue = (row) => row.values?.[index]
  }
}
