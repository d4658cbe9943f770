import { CodedError, exitCodes, renderError, type ExitCode } from '@squall/errors'
import { snowflakeErrors } from '@squall/snowflake'
import type { Logger } from 'pino'

/** What of the running process is needed here. */
export interface Host {
  on(event: 'uncaughtException', listener: (error: unknown) => void): unknown
  off(event: 'uncaughtException', listener: (error: unknown) => void): unknown
  exit(code: ExitCode): void
}

/**
 * Keeps the server alive where snowflake-sdk throws inside a timer of its own, as it does for replies it cannot read: nobody can catch
 * that. The statement it was about never ends, runs into its time limit and fails alone, and its session is closed. Any other error
 * nobody caught is a bug after which nothing is known: it is told, and ends the program.
 */
export function surviveDriverFaults(logger: Logger, host: Host = process): Disposable {
  const onFault = (error: unknown): void => {
    if (isOfDriver(error)) {
      const { code } = new CodedError(snowflakeErrors.SNOWFLAKE_BAD_VALUE)
      logger.error({ err: error, code }, 'snowflake-sdk could not read a reply; its statement ends with its time limit')
      return
    }
    logger.fatal({ err: error }, renderError(error))
    host.exit(exitCodes.internal)
  }
  host.on('uncaughtException', onFault)
  return { [Symbol.dispose]: () => void host.off('uncaughtException', onFault) }
}

/** Whose code threw: the first frame that is none of Node's own. */
function isOfDriver(error: unknown): boolean {
  const [, ...frames] = error instanceof Error ? (error.stack ?? '').slice(error.message.length).split(/\n\s+at /) : []
  return frames.find((frame) => !frame.includes('node:'))?.includes('/snowflake-sdk/') === true
}
