import { CodedError } from '@squall/errors'
import { ProgramDidNotStart, startCommand } from '@squall/program'
import { squallErrors } from '../errors.ts'

/** One of the two servers that are compared, running. */
export interface RunningSide {
  readonly target: string
  readonly stop: () => Promise<void>
}

/**
 * Takes an address as it is; anything else is a command that starts a server and prints its address.
 * @throws CodedError SQUALL_COMMAND_DID_NOT_START; the signal's reason.
 */
export async function startSide(text: string, signal: AbortSignal): Promise<RunningSide> {
  if (/^(?:https?|wss?):\/\//.test(text)) return { target: text, stop: async () => undefined }
  try {
    const server = await startCommand({ command: text, signal })
    return { target: server.url, stop: () => server.stop() }
  } catch (error) {
    if (!(error instanceof ProgramDidNotStart)) throw error
    throw new CodedError(squallErrors.SQUALL_COMMAND_DID_NOT_START, { message: error.message, cause: error })
  }
}
