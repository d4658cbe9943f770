/** What a load program is to do. It gets this as JSON in its only argument, and prints a `LoadResult` as JSON. */
export interface LoadJob {
  readonly url: string
  /** One for each connection, sent over and over, one at a time. */
  readonly requests: readonly LoadRequest[]
  /** Before anything is measured. */
  readonly warmUpSeconds: number
  readonly measuredSeconds: number
}

export interface LoadRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether the tool's result is to be an error. */
  readonly isError: boolean
}

export interface LoadResult {
  /** Answered while measured. */
  readonly calls: number
  /** User plus system time of the program's process while measured. */
  readonly cpuSeconds: number
  /** Answered in all, the warm-up included. */
  readonly allCalls: number
}

/** Reads this program's job. */
export function readLoadJob(): LoadJob {
  // Written by the benchmark that starts this program.
  return JSON.parse(process.argv[2] ?? '') as LoadJob
}

/** User plus system time of this process since it began. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

export function printLoadResult(result: LoadResult): void {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}
