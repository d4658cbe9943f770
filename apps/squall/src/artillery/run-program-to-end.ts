import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface EndedProgram {
  /** 1 where a signal ended it. */
  readonly code: number
  /** The end of what it printed. */
  readonly recentOutput: string
}

export interface ProgramRun {
  readonly env: NodeJS.ProcessEnv
  /** Ends the program. */
  readonly signal: AbortSignal
  readonly onOutput: (text: string) => void
}

const keptCharacters = 2_000
/** A stopping run has four seconds in all. */
const graceMs = 2_000

/** Runs a program that prints for people, and waits for its end. When the signal aborts it is asked to end, and soon made to. */
export async function runProgramToEnd(
  program: string,
  args: readonly string[],
  { env, signal, onOutput }: ProgramRun,
): Promise<EndedProgram> {
  signal.throwIfAborted()
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let recentOutput = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      recentOutput = (recentOutput + text).slice(-keptCharacters)
      onOutput(text)
    })
  const stop = (): void => {
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), graceMs).unref()
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { code: code ?? 1, recentOutput }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
