import type { Clock } from '@squall/time'
import type { Connection } from 'snowflake-sdk'

/** Between attempts. What an outage of minutes outlasts is left to Snowflake, which ends idle sessions after hours. */
const retryDelaysMs = [1_000, 4_000, 15_000, 60_000, 240_000]

/**
 * Ends a session in Snowflake, and tries again for minutes where Snowflake does not answer: a session that is forgotten stays open
 * there for hours.
 * @param onFirst told when the first attempt is over.
 */
export function logOut(driver: Connection, clock: Clock, onFirst: () => void): void {
  const attempt = (left: readonly number[]): void =>
    driver.destroy((error) => {
      onFirst()
      const [delayMs, ...rest] = left
      if (error === undefined || delayMs === undefined || !driver.isUp()) return
      clock.at(clock.monotonicMs() + delayMs, () => attempt(rest))
    })
  attempt(retryDelaysMs)
}
