import { cores } from './cores.ts'
import type { LoadResult } from './load-job.ts'
import { runCommand } from './run-command.ts'
import type { Contender, Figures } from './rounds.ts'

/** What the program that uses the driver alone is to do. It gets this as JSON in its only argument. */
export interface DriverJob {
  /** Of the embedded Snowflake. */
  readonly url: string
  readonly password: string
  /** Each runs one statement at a time. */
  readonly sessions: number
  readonly sql: string
  readonly warmUpSeconds: number
  readonly measuredSeconds: number
}

const program = `${import.meta.dirname}/programs/raw-driver-load.ts`

/** The driver without a server around it, in a process of its own on the core where the server else runs. */
export function rawDriver(name: string, job: DriverJob): Contender {
  return { name, measure: () => measure(job) }
}

async function measure(job: DriverJob): Promise<Figures> {
  const output = await runCommand([process.execPath, program, JSON.stringify(job)], { core: cores.target })
  // Printed by our own program.
  const { calls, cpuSeconds } = JSON.parse(output) as LoadResult
  return { cpuPerCall: (cpuSeconds * 1e6) / calls, callsPerSecond: calls / job.measuredSeconds }
}
