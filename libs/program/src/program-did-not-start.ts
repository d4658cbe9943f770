import { CodedError, exitCodes, type ExitCode } from '@squall/errors'
import { programErrors } from './errors.ts'

/** How a program that never became ready ended. */
export interface ProgramEnd {
  /** Null where a signal ended it, or it had to be killed. */
  readonly exitCode: number | null
  /** The end of what it printed. */
  readonly lastWords: string
}

/** PROGRAM_DID_NOT_START: its exit code is the program's own where that is a documented one, since the program knows best what is wrong. */
export class ProgramDidNotStart extends CodedError {
  readonly program: ProgramEnd

  constructor(name: string, program: ProgramEnd, cause: Error) {
    const definition = { ...programErrors.PROGRAM_DID_NOT_START, exitCode: toFailure(program.exitCode) }
    super(definition, { message: `${name} did not start: ${cause.message}\n${program.lastWords}`.trimEnd(), cause })
    this.program = program
  }
}

function toFailure(exitCode: number | null): ExitCode {
  const documented = Object.values(exitCodes).find((code) => code === exitCode)
  return documented === undefined || documented === exitCodes.ok ? exitCodes.machine : documented
}
