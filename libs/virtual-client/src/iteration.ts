import type { RandomSource } from '@squall/time'
import { type ClientHost, writeLine } from './client-host.ts'
import type { EndSignals } from './end-signals.ts'
import type { CallSite, FlowRun } from './steps/step-type.ts'
import type { Variables } from './templates/template-scope.ts'

/** What an iteration needs of the client that makes it. */
export interface IterationClient {
  readonly variables: Variables
  readonly random: RandomSource
  readonly host: ClientHost
  readonly isOpen: boolean
  /**
   * Makes a recorded call on behalf of an iteration.
   * @returns when the client was ready for its next call.
   */
  call(site: CallSite, iteration: Iteration): Promise<number>
  /** @param dueMs when the first call of the opening was due; now unless given. */
  reopen(end: EndSignals, dueMs?: number): Promise<void>
  waitUntil(dueMs: number, end: EndSignals): Promise<void> | undefined
  resumeStream(): void
}

/** One walk of a client through its flow. */
export class Iteration implements FlowRun {
  readonly intendedMs: number
  readonly end: EndSignals
  nextIntendedMs: number | undefined
  readonly #client: IterationClient
  #dueMs: number

  constructor(client: IterationClient, intendedMs: number, end: EndSignals) {
    this.#client = client
    this.intendedMs = intendedMs
    this.end = end
    this.#dueMs = intendedMs
  }

  get variables(): Variables {
    return this.#client.variables
  }

  get random(): RandomSource {
    return this.#client.random
  }

  get dueMs(): number {
    return this.#dueMs
  }

  get isOver(): boolean {
    return this.end.ending.aborted || !this.#client.isOpen
  }

  async call(site: CallSite): Promise<void> {
    this.#dueMs = await this.#client.call(site, this)
  }

  async reopen(dueMs?: number): Promise<void> {
    await this.#client.reopen(this.end, dueMs)
    this.#dueMs = this.#client.host.clock.monotonicMs()
  }

  waitUntil(dueMs: number): Promise<void> | undefined {
    this.#dueMs = dueMs
    return this.#client.waitUntil(dueMs, this.end)
  }

  resumeStream(): void {
    this.#client.resumeStream()
  }

  log(text: string): void {
    const { log = writeLine } = this.#client.host
    log(text)
  }
}
