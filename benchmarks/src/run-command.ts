import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { LoadJob, LoadResult } from './load-job.ts'
import { cores, onCore } from './cores.ts'

const execute = promisify(execFile)
const longestOutputBytes = 16 * 1024 * 1024

export interface CommandOptions {
  /** Exit codes that are no failure; 0 unless given. */
  readonly expectedCodes?: readonly number[]
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** On which core to run; that of load unless given. */
  readonly core?: number
}

/**
 * Runs a command to its end.
 * @returns its standard output.
 * @throws Error with all it printed where it ends with a code that is not among those expected.
 */
export async function runCommand(
  command: readonly [string, ...string[]],
  { expectedCodes = [0], env = {}, core = cores.load }: CommandOptions = {},
): Promise<string> {
  const [file, ...args] = onCore(core, command)
  try {
    return (await execute(file, args, { maxBuffer: longestOutputBytes, env: { ...process.env, ...env } })).stdout
  } catch (error) {
    if (!isEnded(error)) throw error
    if (expectedCodes.includes(error.code)) return error.stdout
    // The error itself repeats the whole command, job and all.
    // oxlint-disable-next-line preserve-caught-error
    throw new Error(`${command[0]} ended with ${error.code}: ${error.stderr}${error.stdout}`)
  }
}

/** Runs one of the programs that make load, in a process of its own. */
export async function runLoadProgram(program: 'autocannon' | 'undici' | 'bare-loop', job: LoadJob): Promise<LoadResult> {
  const path = `${import.meta.dirname}/programs/${program}-load.ts`
  // Printed by our own program.
  return JSON.parse(await runCommand([process.execPath, path, JSON.stringify(job)])) as LoadResult
}

const isEnded = (error: unknown): error is Error & { readonly code: number; readonly stdout: string; readonly stderr: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && 'stdout' in error
