import { destination, pino, type DestinationStream, type Logger } from 'pino'
import type { SettingValues } from '../settings.ts'

/**
 * Logs JSON lines on standard error, since standard output belongs to the protocol on stdio.
 * Errors are logged by kind, code and place: their messages may hold values from statements or rows, and are logged at `debug` only.
 */
export function createLogger(level: SettingValues['logLevel'], stream: DestinationStream = destination(2)): Logger {
  const serializers = { err: (error: unknown) => describeError(error, level === 'debug') }
  return pino({ level, name: 'snowflake-mcp', serializers }, stream)
}

function describeError(error: unknown, withMessage: boolean): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error }
  return {
    type: error.name,
    code: 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    ...(withMessage && { message: error.message }),
    stack: framesOf(error),
  }
}

/** The lines of a stack that name places; what stands before them is the message, which may look like anything. */
function framesOf({ message, stack = '' }: Error): readonly string[] {
  const places = stack.slice(stack.indexOf(message) + message.length)
  return places
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
}
