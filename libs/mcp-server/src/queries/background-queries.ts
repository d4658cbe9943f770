import { CodedError } from '@squall/errors'
import { mcpServerErrors } from '../errors.ts'

/** Work that goes on after its call was answered; it ends when the signal aborts, and never rejects. */
export type BackgroundWork = (signal: AbortSignal) => Promise<void>

/** Bounds the queries that outlive their calls, and ends them with the server. */
export class BackgroundQueries {
  readonly #max: number
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<void>>()

  /** @param max each holds a session in Snowflake, so this must stay below the size of the pool. */
  constructor(max: number) {
    this.#max = max
  }

  /** @throws CodedError MCP_TOO_MANY_BACKGROUND */
  start(work: BackgroundWork): void {
    if (this.#running.size >= this.#max) {
      const message = `${this.#running.size} queries run in the background, and the server lets no more than ${this.#max}`
      throw new CodedError(mcpServerErrors.MCP_TOO_MANY_BACKGROUND, { message })
    }
    const running = work(this.#stopping.signal).finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Ends all of them in Snowflake, and waits until they have. */
  async close(): Promise<void> {
    this.#stopping.abort(new CodedError(mcpServerErrors.MCP_SHUTTING_DOWN))
    await Promise.all(this.#running)
  }
}
