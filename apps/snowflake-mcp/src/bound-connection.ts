import { CodedError } from '@squall/errors'
import { snowflakeErrors, type SnowflakeConnection, type Statement, type StatementResult } from '@squall/snowflake'

/**
 * Ties a session to the life of the process that serves it. The driver would knock at the door of a dead process for minutes, as a
 * network may come back; a process that ended does not.
 * @param life aborts when the process ended. From then on everything fails at once, as with a session that was lost.
 */
export function boundTo(life: AbortSignal, connection: SnowflakeConnection): SnowflakeConnection {
  return {
    run: (statement) => runWithin(life, connection, statement),
    context: () => connection.context(),
    isUp: () => !life.aborted && connection.isUp(),
    heartbeat: async () => !life.aborted && (await connection.heartbeat()),
    reset: async () => !life.aborted && (await connection.reset()),
    // There is nobody left to say goodbye to.
    close: async () => (life.aborted ? undefined : connection.close()),
  }
}

async function runWithin(life: AbortSignal, connection: SnowflakeConnection, statement: Statement): Promise<StatementResult> {
  if (life.aborted) throw sessionLost()
  const lost = Promise.withResolvers<never>()
  const onDeath = (): void => lost.reject(sessionLost())
  life.addEventListener('abort', onDeath, { once: true })
  const running = connection.run(statement)
  // Where the process ended first, nobody hears how the statement ended.
  running.catch(() => undefined)
  try {
    return await Promise.race([running, lost.promise])
  } finally {
    life.removeEventListener('abort', onDeath)
  }
}

function sessionLost(): CodedError {
  return new CodedError(snowflakeErrors.SNOWFLAKE_SESSION_LOST, { message: 'The embedded Snowflake ended under the statement.' })
}
