import type { Json } from '@squall/load-plan'
import type { JsonObject, McpRequest } from '@squall/mcp-wire'
import type { RandomSource, Timer } from '@squall/time'
import type { CallPlace } from './call-recorder.ts'
import { type ClientHost, writeLine } from './client-host.ts'
import type { EndSignals } from './end-signals.ts'
import type { Pending } from './later.ts'
import type { CallSite, FlowRun } from './steps/step-type.ts'
import type { Variables } from './templates/template-scope.ts'

/** What an iteration needs of the client that makes it. */
export interface IterationClient {
  readonly variables: Variables
  readonly random: RandomSource
  readonly host: ClientHost
  readonly isOpen: boolean
  /** Makes a recorded call on behalf of an iteration, and sets its `dueMs` to when the client was ready for its next call. */
  call(site: CallSite, iteration: Iteration, instead?: OneCall): Pending
  /** As `call`. */
  subscribe(site: CallSite, iteration: Iteration, uri: string, wanted: boolean): Promise<void>
  /** @returns when the client was ready for its next call. */
  notify(place: CallPlace, iteration: Iteration, paramsJson: string): Promise<number>
  readonly parallelCalls: number
  readonly patienceMs: number
  functionFailed(name: string, error: unknown): void
  /** @param dueMs when the first call of the opening was due; now unless given. */
  reopen(end: EndSignals, dueMs?: number): Promise<void>
  waitUntil(dueMs: number, end: EndSignals): Pending | undefined
  resumeStream(): void
}

/** A call that its place in the flow did not foresee. */
export interface OneCall {
  readonly request: McpRequest
  readonly onResult: (result: JsonObject) => void
}

/** One walk of a client through its flow. */
export class Iteration implements FlowRun {
  readonly intendedMs: number
  readonly end: EndSignals
  nextIntendedMs: number | undefined
  dueMs: number
  readonly #client: IterationClient
  /** The walk this one was forked from: what breaks the iteration breaks it for all. */
  readonly #root: Iteration
  #isBroken = false

  constructor(client: IterationClient, intendedMs: number, end: EndSignals, root?: Iteration) {
    this.#client = client
    this.#root = root ?? this
    this.intendedMs = intendedMs
    this.end = end
    this.dueMs = intendedMs
  }

  get variables(): Variables {
    return this.#client.variables
  }

  get random(): RandomSource {
    return this.#client.random
  }

  get signal(): AbortSignal {
    return this.end.ending
  }

  get nowMs(): number {
    return this.#client.host.clock.monotonicMs()
  }

  get parallelCalls(): number {
    return this.#client.parallelCalls
  }

  get patienceMs(): number {
    return this.#client.patienceMs
  }

  get isOver(): boolean {
    return this.#root.#isBroken || this.end.ending.aborted || !this.#client.isOpen
  }

  call(site: CallSite): Pending {
    return this.#client.call(site, this)
  }

  async callTool(site: CallSite, tool: string, args: Readonly<Record<string, Json>>): Promise<JsonObject | undefined> {
    if (this.isOver) return undefined
    let result: JsonObject | undefined
    const request = { method: site.method, name: tool, paramsJson: JSON.stringify({ name: tool, arguments: args }) }
    await this.#client.call(site, this, { request, onResult: (answer) => (result = answer) })
    return result
  }

  subscribe(site: CallSite, uri: string, wanted: boolean): Promise<void> {
    return this.#client.subscribe(site, this, uri, wanted)
  }

  async notify(place: CallPlace, paramsJson: string): Promise<void> {
    this.dueMs = await this.#client.notify(place, this, paramsJson)
  }

  wasBusy(): void {
    this.dueMs = this.nowMs
  }

  fork(): Iteration {
    return new Iteration(this.#client, this.dueMs, this.end, this.#root)
  }

  functionFailed(name: string, error: unknown): void {
    this.breakOff()
    this.#client.functionFailed(name, error)
  }

  breakOff(): void {
    this.#root.#isBroken = true
  }

  async reopen(dueMs?: number): Promise<void> {
    await this.#client.reopen(this.end, dueMs)
    this.dueMs = this.nowMs
  }

  after(delayMs: number, callback: () => void): Timer {
    const { clock } = this.#client.host
    return clock.at(clock.monotonicMs() + delayMs, callback)
  }

  waitUntil(dueMs: number): Pending | undefined {
    this.dueMs = dueMs
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
