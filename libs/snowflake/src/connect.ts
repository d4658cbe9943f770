import { CodedError } from '@squall/errors'
import { abortable, systemClock, type Clock } from '@squall/time'
import type { Connection } from 'snowflake-sdk'
import { snowflake } from './driver.ts'
import { DriverConnection } from './driver-connection.ts'
import { signInFailure, statementFailure } from './driver-failure.ts'
import { driverOptions } from './driver-options.ts'
import { DriverStatement } from './driver-statement.ts'
import { snowflakeErrors } from './errors.ts'
import { sessionContext } from './session-context.ts'
import type { SnowflakeConnection } from './snowflake-connection.ts'
import type { SnowflakeOptions } from './snowflake-options.ts'
import { startLimit } from './statement-limit.ts'

const signInTimeoutMs = 30_000

/** Makes Snowflake send VARIANT values that are JSON, and tells with its reply where a new session stands. */
const birthSql = 'ALTER SESSION SET STRICT_JSON_OUTPUT = TRUE'

/**
 * Signs in and makes a session ready.
 * @param signal gives up; a session that still comes is closed.
 * @throws CodedError SNOWFLAKE_SIGN_IN_FAILED, SNOWFLAKE_UNREACHABLE (also when it takes over 30 s), SNOWFLAKE_BAD_OPTIONS;
 *   the signal's reason when it aborts.
 */
export async function connectSnowflake(
  options: SnowflakeOptions,
  signal?: AbortSignal,
  clock: Clock = systemClock,
): Promise<SnowflakeConnection> {
  signal?.throwIfAborted()
  using limit = startLimit(signInTimeoutMs, signal, clock)
  const driver = createDriver(options)
  const opening = open(driver, clock)
  try {
    return await abortable(opening, limit.signal)
  } catch (error) {
    if (!limit.signal.aborted) throw error
    // Nobody waits for it any more; what still comes of it is closed.
    void opening.then((late) => late.close()).catch(() => undefined)
    signal?.throwIfAborted()
    const message = `signing in took longer than ${signInTimeoutMs / 1_000} s`
    throw new CodedError(snowflakeErrors.SNOWFLAKE_UNREACHABLE, { message })
  }
}

function createDriver(options: SnowflakeOptions): Connection {
  try {
    return snowflake.createConnection(driverOptions(options))
  } catch (error) {
    throw error instanceof CodedError ? error : signInFailure(error)
  }
}

async function open(driver: Connection, clock: Clock): Promise<SnowflakeConnection> {
  await signIn(driver)
  try {
    const born = await new DriverStatement(driver, { sqlText: birthSql }).completed
    return new DriverConnection(driver, sessionContext(born), clock)
  } catch (error) {
    driver.destroy(() => undefined)
    throw statementFailure(error)
  }
}

function signIn(driver: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    driver.connect((error) => (error ? reject(signInFailure(error)) : resolve()))
  })
}
