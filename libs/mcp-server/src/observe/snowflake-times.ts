import type { Cell } from '@squall/snowflake'
import type { Clock, Timer } from '@squall/time'
import type { Connections } from '../snowflake/connections.ts'
import type { Instruments } from './metrics/instruments.ts'

export interface SnowflakeTimesOptions {
  readonly clock: Clock
  readonly connections: Connections
  /** How often Snowflake is asked; statements since the last time are asked for together. */
  readonly intervalMs: number
  readonly instruments: Instruments
}

/** Asked for at once, the newest; a sample is enough for a histogram. */
const mostAsked = 500
const acquireTimeoutMs = 5000
const queryTimeoutMs = 30_000
/** As Snowflake makes them; they go into the text of a statement. */
const queryIdPattern = /^[\da-f-]{36}$/i

/**
 * Asks Snowflake's query history how long statements queued in the warehouse and how long they ran, which its replies do not say.
 * A server without calls asks nothing, so that its warehouse may sleep.
 */
export class SnowflakeTimes {
  readonly #options: SnowflakeTimesOptions
  readonly #queued
  readonly #ran
  readonly #failures
  #ids: string[] = []
  #timer: Timer | undefined
  #asking: Promise<void> | undefined

  constructor(options: SnowflakeTimesOptions) {
    const { instruments: make } = options
    this.#options = options
    this.#queued = make.histogram('mcp_snowflake_queued_seconds', 'Time a statement queued in the warehouse, by Snowflake itself')
    this.#ran = make.histogram('mcp_snowflake_execution_seconds', 'Time a statement ran in the warehouse, by Snowflake itself')
    this.#failures = make.counter('mcp_snowflake_history_failures_total', 'Times the query history could not be read')
    this.#schedule()
  }

  /** Notes a statement to ask for. */
  note(queryId: string | undefined): void {
    if (queryId === undefined || !queryIdPattern.test(queryId)) return
    this.#ids.push(queryId)
    // The newest half stays: older ones are the first to leave the history, too.
    if (this.#ids.length > 2 * mostAsked) this.#ids = this.#ids.slice(-mostAsked)
  }

  async close(): Promise<void> {
    this.#timer?.cancel()
    await this.#asking
  }

  #schedule(): void {
    const { clock, intervalMs } = this.#options
    this.#timer = clock.at(clock.monotonicMs() + intervalMs, () => {
      this.#schedule()
      const ids = this.#ids.splice(0).slice(-mostAsked)
      if (ids.length > 0 && this.#asking === undefined)
        this.#asking = this.#ask(ids).finally(() => {
          this.#asking = undefined
        })
    })
  }

  async #ask(ids: readonly string[]): Promise<void> {
    try {
      for (const [executionMs, queuedMs] of await this.#read(ids)) {
        this.#ran.observe(Number(executionMs) / 1000)
        this.#queued.observe(Number(queuedMs) / 1000)
      }
    } catch {
      // Metrics must not fail a server; the count says that they are incomplete.
      this.#failures.inc()
    }
  }

  async #read(ids: readonly string[]): Promise<readonly (readonly Cell[])[]> {
    await using lease = await this.#options.connections.acquire({ timeoutMs: acquireTimeoutMs })
    const sql = `SELECT EXECUTION_TIME, QUEUED_OVERLOAD_TIME + QUEUED_PROVISIONING_TIME + QUEUED_REPAIR_TIME AS QUEUED_TIME
FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_USER(RESULT_LIMIT => 10000))
WHERE QUERY_ID IN (${ids.map((id) => `'${id}'`).join(', ')})`
    const { rows } = await lease.resource.run({ sql, timeoutMs: queryTimeoutMs, maxRows: mostAsked })
    return rows
  }
}
