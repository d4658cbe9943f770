import type { Clock } from '@squall/time'
import type { Connection, RowStatement, StatementOption } from 'snowflake-sdk'
import { settlesWithin } from './within.ts'

/** How often a cancel is repeated: one that overtakes its own statement finds nothing to cancel. */
const cancelIntervalMs = 250
/** How long a cancelled statement may take to end before the session is given up. */
const cancelGraceMs = 2_000

/** A statement on its way through the driver, with a promise instead of a callback. */
export class DriverStatement {
  /** Settles when Snowflake has answered; the rows are still to be read. */
  readonly completed: Promise<RowStatement>
  readonly #statement: RowStatement

  /**
   * @param resultOf the query id of an earlier statement, whose result is fetched instead of running anything.
   * @throws what the driver throws at once for input it does not take.
   */
  constructor(driver: Connection, options: StatementOption, resultOf?: string) {
    const { promise, resolve, reject } = Promise.withResolvers<RowStatement>()
    const complete: StatementOption['complete'] = (error, statement) => {
      if (error) reject(error)
      else resolve(statement)
    }
    this.completed = promise
    const common = { ...options, complete, streamResult: true, rowMode: 'array' } as const
    this.#statement = resultOf === undefined ? driver.execute(common) : driver.fetchResult({ ...common, queryId: resultOf })
  }

  /** Cancels the statement in Snowflake; true when it has ended for sure. Bounded in time, whatever the driver does. */
  async cancel(clock: Clock): Promise<boolean> {
    const giveUpAtMs = clock.monotonicMs() + cancelGraceMs
    while (clock.monotonicMs() < giveUpAtMs) {
      this.#statement.cancel()
      if (await settlesWithin(this.completed, cancelIntervalMs, clock)) return true
    }
    return false
  }
}
