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

/** The lines of a stack that name places; the first ones are the message. */
function framesOf({ stack = '' }: Error): readonly string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .map((line) => line.trim())
}
