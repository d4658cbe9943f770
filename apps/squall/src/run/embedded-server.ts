import { CodedError } from '@squall/errors'
import { ProgramDidNotStart, startProgram, type RunningProgram } from '@squall/program'
import { squallErrors } from '../errors.ts'

const entry = new URL('../../../snowflake-mcp/src/main.ts', import.meta.url)

/**
 * Starts the Snowflake MCP server on a free loopback port; where no account is configured it starts the embedded Snowflake.
 * @throws CodedError SQUALL_SERVER_DID_NOT_START with the server's own message and exit code; the signal's reason.
 */
export async function startEmbeddedServer(signal: AbortSignal): Promise<RunningProgram> {
  try {
    return await startProgram({ name: 'snowflake-mcp', entry, args: ['--port', '0'], signal })
  } catch (error) {
    if (!(error instanceof ProgramDidNotStart)) throw error
    const definition = { ...squallErrors.SQUALL_SERVER_DID_NOT_START, exitCode: error.exitCode }
    throw new CodedError(definition, { message: error.message, cause: error })
  }
}
