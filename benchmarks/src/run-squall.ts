import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitCodes } from '@squall/errors'
import { temporaryDirectory } from '@squall/testing'
import { runCommand } from './run-command.ts'

/** The part of `summary.json` that is compared. */
export interface Summary {
  readonly totals: { readonly calls: number; readonly failed: number; readonly droppedStarts: number }
  readonly rate: { readonly callsPerSecond: number }
  readonly generator: {
    readonly cpuSeconds: number
    readonly scheduleLagP99Ms: number
    readonly eventLoopDelayP99Ms: number
  }
}

export const squallCommand = fileURLToPath(new URL('../../node_modules/.bin/squall', import.meta.url))

export interface SquallRun {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Options of `squall run`; one generator process on this machine unless given. */
  readonly options?: readonly string[]
}

/**
 * Runs `squall` as a user does.
 * A generator that is always busy is the point of a benchmark, so the verdict `inconclusive` is no failure.
 * @param pack the text of the pack.
 * @throws Error where a call failed.
 */
export async function runSquall(
  pack: string,
  url: string,
  { env = {}, options = ['--workers', '1'] }: SquallRun = {},
): Promise<Summary> {
  using cleanUp = new DisposableStack()
  const directory = temporaryDirectory((remove) => cleanUp.defer(remove))
  const file = join(directory, 'pack.yml')
  writeFileSync(file, pack)
  const command = [squallCommand, 'run', file, '--target', url, ...options, '--report', directory, '--quiet'] as const
  await runCommand(command, { expectedCodes: [exitCodes.ok, exitCodes.inconclusive], env })
  // Its schema is a contract of the program that wrote it.
  const summary = JSON.parse(readFileSync(join(directory, 'summary.json'), 'utf8')) as Summary
  if (summary.totals.failed > 0) throw new Error(`${summary.totals.failed} of ${summary.totals.calls} calls failed`)
  return summary
}
