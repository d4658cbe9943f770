import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadJob, LoadResult } from './load-job.ts'
import { runCommand } from './run-command.ts'

export const locustVersion = '2.47.0'

const environment = join(tmpdir(), `squall-benchmark-locust-${locustVersion}`)
const locust = join(environment, 'bin', 'locust')

/**
 * Installs Locust into a virtual environment below the directory for temporary files, unless an earlier benchmark did.
 * @returns why it cannot be had here, or undefined where it can.
 */
export function installLocust(): string | undefined {
  if (existsSync(locust)) return undefined
  try {
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'pipe' })
    execFileSync(join(environment, 'bin', 'pip'), ['install', '--quiet', `locust==${locustVersion}`], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  }
}

/** Runs Locust's fast HTTP user in one process. */
export async function runLocust(job: LoadJob): Promise<LoadResult> {
  const users = String(job.requests.length)
  const file = `${import.meta.dirname}/programs/locust_load.py`
  const options = ['--headless', '--users', users, '--spawn-rate', users, '--skip-log', '--only-summary', '--locustfile', file]
  const printed = await runCommand([locust, ...options], { env: { BENCHMARK_JOB: JSON.stringify(job) } })
  const last = printed.split('\n').findLast((line) => line.startsWith('{'))
  if (last === undefined) throw new Error(`Locust did not say what it measured: ${printed}`)
  // Printed by our own program.
  return JSON.parse(last) as LoadResult
}
