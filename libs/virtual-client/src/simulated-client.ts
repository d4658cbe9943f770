import type { CallFailure, CallOutcome, JsonObject, McpConnection, McpRequest } from '@squall/mcp-wire'
import type { CallSeries } from '@squall/metrics'
import { type RandomSource, seededRandom } from '@squall/time'
import type { CallObserver } from './call-observer.ts'
import type { ClientHost } from './client-host.ts'
import { initialVariables, takeRows } from './client-data.ts'
import { findConnector } from './connect.ts'
import type { EndSignals } from './end-signals.ts'
import { Iteration, type IterationClient } from './iteration.ts'
import { type RecordedCall, runOpening } from './opening.ts'
import type { Scenario } from './scenario.ts'
import type { CallSite } from './steps/step-type.ts'
import type { Variables } from './templates/template-scope.ts'
import type { VirtualClient } from './virtual-client.ts'
import { waitUntil } from './wait-until.ts'

// A dead target refuses connections within microseconds: without a pause, its clients would count nothing but that.
const firstPauseMs = 100
const longestPauseMs = 2000

/** A client of any kind: the kind says how it opens and leaves, the flow what it does in between. */
export class SimulatedClient implements VirtualClient, IterationClient {
  readonly clientKind: string
  readonly host: ClientHost
  readonly variables: Variables
  readonly random: RandomSource
  readonly #scenario: Scenario
  readonly #index: number
  readonly #observer: CallObserver | undefined
  #iterations = 0
  #connection: McpConnection | undefined
  #isOpen = false
  /** Pauses in a row, without a success between them. */
  #pauses = 0
  #bytesSent = 0
  #bytesReceived = 0

  constructor(scenario: Scenario, index: number, variables: Variables = {}, observer?: CallObserver) {
    this.clientKind = scenario.kind.name
    this.host = scenario.host
    this.#scenario = scenario
    this.#index = index
    this.#observer = observer
    this.random = seededRandom(scenario.host.seed, index)
    this.variables = { ...initialVariables(scenario.plan, this.random), ...variables }
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  async open(end: EndSignals): Promise<boolean> {
    if (end.ending.aborted) return false
    const { kind } = this.#scenario
    const connection = findConnector(this.#scenario)(this.#scenario, this)
    this.#connection = connection
    for (const path of kind.metadataProbes) if (!end.ending.aborted) await connection.probe(path, end.cutting)
    await this.#runOpening(connection, end)
    if (!this.#isOpen) await this.#leave(end.ending.aborted ? kind.leaving : 'abandon')
    this.#countTraffic(connection)
    return this.#isOpen
  }

  async iterate(intendedMs: number, end: EndSignals): Promise<number | undefined> {
    const { flow, pace, plan } = this.#scenario
    const iteration = new Iteration(this, intendedMs, end)
    takeRows(plan.payloads, this.#index + this.#iterations++, this.random, this.variables)
    if (!this.#isOpen) await this.reopen(end)
    if (!iteration.isOver) await flow(iteration)
    // An iteration that ended early, or never began, keeps its pace all the same.
    if (iteration.nextIntendedMs === undefined) await pace?.(iteration)
    this.#countTraffic(this.#connection)
    return iteration.nextIntendedMs
  }

  async close(): Promise<void> {
    await this.#leave(this.#scenario.kind.leaving)
  }

  async reopen(end: EndSignals): Promise<void> {
    await this.#leave(this.#scenario.kind.leaving)
    if (await this.open(end)) return
    await this.#pause(end)
  }

  async call(site: CallSite, iteration: Iteration): Promise<number> {
    const connection = this.#connection
    if (!connection) return iteration.dueMs
    const name = site.name?.fixed ?? site.name?.render(this)
    const series = this.#scenario.recorder.seriesFor(site, name, iteration.dueMs)
    const request = site.fixedRequest ?? {
      method: site.method,
      paramsJson: site.params.render(this),
      ...(name !== undefined && { name }),
    }
    const outcome = await connection.request(request, iteration.end.cutting)
    const errorCode = outcome.ok ? this.#check(site, outcome.result) : outcome.code
    this.#record(series, request, outcome, iteration.dueMs, errorCode)
    const seen = this.#observer?.callEnded({ request, outcome, errorCode, expect: site.expect })
    if (seen) await seen
    if (outcome.ok) {
      this.#pauses = 0
      return seen ? this.host.clock.monotonicMs() : outcome.doneMs
    }
    return (await this.#recover(connection, outcome, iteration.end)) ? this.host.clock.monotonicMs() : outcome.doneMs
  }

  #check(site: CallSite, result: JsonObject): string | undefined {
    for (const check of site.checks) {
      const missed = check(result, this)
      if (missed !== undefined) return missed
    }
    return undefined
  }

  /** @returns whether time was spent that belongs to no call. */
  async #recover(connection: McpConnection, { code }: CallFailure, end: EndSignals): Promise<boolean> {
    if (end.ending.aborted) return false
    if (code === 'transport.refused' || code === 'transport.tls') await this.#pause(end)
    else if (connection.hasSession && this.#scenario.kind.sessionLostOn.some((status) => code === `http.${status}`)) {
      await this.#runOpening(connection, end)
    } else return false
    return true
  }

  async #runOpening(connection: McpConnection, end: EndSignals): Promise<void> {
    const { recorder } = this.#scenario
    const { clock } = this.host
    let dueMs = clock.monotonicMs()
    const call: RecordedCall = async (request, isFine) => {
      const series = recorder.seriesOfOpening(request.method, dueMs)
      const outcome = await connection.request(request, end.cutting)
      const errorCode = outcome.ok || isFine?.(outcome) === true ? undefined : outcome.code
      this.#record(series, request, outcome, dueMs, errorCode)
      await this.#observer?.callEnded({ request, outcome, errorCode, expect: undefined })
      if (request.method === 'initialize' && outcome.ok) this.host.recorder.count('sessionsOpened', 1)
      dueMs = clock.monotonicMs()
      return outcome
    }
    this.#isOpen = await runOpening({ scenario: this.#scenario, connection, end, call })
  }

  async #pause({ ending }: EndSignals): Promise<void> {
    const { clock } = this.host
    const pauseMs = Math.min(firstPauseMs * 2 ** this.#pauses++, longestPauseMs)
    await waitUntil(clock, clock.monotonicMs() + pauseMs, ending)
  }

  async #leave(leaving: 'end-session' | 'abandon'): Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    this.#isOpen = false
    await connection?.close(leaving)
    this.#countTraffic(connection)
    this.#bytesSent = 0
    this.#bytesReceived = 0
  }

  #countTraffic(connection: McpConnection | undefined): void {
    if (!connection) return
    const { bytesSent, bytesReceived } = connection.traffic
    this.host.recorder.count('bytesSent', bytesSent - this.#bytesSent)
    this.host.recorder.count('bytesReceived', bytesReceived - this.#bytesReceived)
    this.#bytesSent = bytesSent
    this.#bytesReceived = bytesReceived
  }

  /** A call that the end of the run cut before it left this process never reached the target, and does not count. */
  #record(series: CallSeries, request: McpRequest, outcome: CallOutcome, dueMs: number, errorCode: string | undefined): void {
    if (errorCode === 'stopped' && outcome.bytesSent === 0) return
    const serviceMs = outcome.doneMs - outcome.sentMs
    series.record(serviceMs, Math.max(serviceMs, outcome.doneMs - dueMs), errorCode)
    if (errorCode !== undefined) this.host.samples?.offer(request, outcome, errorCode)
  }
}
