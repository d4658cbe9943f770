import { exitCodes, renderError, CodedError, type ExitCode } from '@squall/errors'
import { passSignalUp, stopOnPassedSignals } from './passed-signals.ts'

/** What a running program knows of its own end. */
export interface Lifetime {
  /** Aborts when the program shall stop: on SIGINT or SIGTERM, or when the parent that started it asks or is gone. */
  readonly stopping: AbortSignal
  /**
   * Says that the program is ready: the first line on standard error, for people and scripts, and a message to a parent.
   * @param line the whole line; holds the URL where the program listens.
   */
  readonly ready: (line: string, facts?: ReadyFacts) => void
}

/** What a parent needs to know of a program that is ready. */
export interface ReadyFacts {
  readonly url?: string
}

/** Asks a child that was started by `startProgram` to stop; losing the channel means the same. */
export const stopMessage = 'stop'

/**
 * Runs a program to its end and exits with its code; the last thing `main.ts` calls.
 * An error nobody handled is rendered for a person: coded ones with their exit code, others as internal, without a stack
 * trace unless `SQUALL_DEBUG` is set.
 *
 * With a parent channel the program passes signals up and goes on until its parent says stop: Ctrl-C reaches a whole process
 * group, and a server that went first would make its clients' last calls fail.
 */
export async function runProgram(main: (lifetime: Lifetime) => Promise<ExitCode>): Promise<void> {
  const stopping = new AbortController()
  const stop = (why: string): void => stopping.abort(new Error(`stopped by ${why}`))
  for (const stream of [process.stdout, process.stderr]) stream.on('error', outliveReader)
  if (process.connected) obeyParent(stop)
  else obeySignals(stop)
  try {
    process.exitCode = await main({ stopping: stopping.signal, ready })
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`)
    process.exitCode = error instanceof CodedError ? error.exitCode : exitCodes.internal
  }
  await flush()
  process.exit()
}

function ready(line: string, facts: ReadyFacts = {}): void {
  process.stderr.write(`${line}\n`)
  if (process.connected) process.send?.({ type: 'ready', ...facts })
}

function obeySignals(stop: (why: string) => void): void {
  stopOnPassedSignals(stop)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stopOnceOrAtOnce(signal, stop))
}

/** npm hands a Ctrl-C on to programs that have it from the terminal already: signals this close together are one. */
const sameSignalMs = 500

function stopOnceOrAtOnce(signal: string, stop: (why: string) => void): () => void {
  let firstAtMs: number | undefined
  return () => {
    const nowMs = performance.now()
    if (firstAtMs === undefined) {
      firstAtMs = nowMs
      return stop(signal)
    }
    if (nowMs - firstAtMs < sameSignalMs) return
    // A user who does not want to wait for the drain.
    process.stderr.write(`stopped at once by a second ${signal}: what was not written before is lost\n`)
    process.exit(exitCodes.stopped)
  }
}

function obeyParent(stop: (why: string) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, passSignalUp)
  process.on('message', (message) => {
    if (message === stopMessage) stop('its parent')
  })
  process.on('disconnect', () => stop('the loss of its parent'))
}

/** Whoever read the output has read enough (`| head`); the program goes on to its end, which may be a report. */
function outliveReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

function describe(error: unknown): string {
  const stack = process.env['SQUALL_DEBUG'] && error instanceof Error ? `\n${error.stack ?? ''}` : ''
  return `${renderError(error)}${stack}`
}

// Output to a pipe is asynchronous: exiting at once could cut the last lines.
async function flush(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))))
}
