import type { CallFailure, CallOutcome, JsonObject, McpConnection, McpRequest } from '@squall/mcp-wire'
import type { CallSeries } from '@squall/metrics'
import { type RandomSource, seededRandom } from '@squall/time'
import type { CallObserver } from './call-observer.ts'
import type { CallPlace } from './call-recorder.ts'
import type { ClientHost } from './client-host.ts'
import { initialVariables, takeRows } from './client-data.ts'
import { findConnector } from './connect.ts'
import { drawMs } from './duration.ts'
import type { EndSignals } from './end-signals.ts'
import { Iteration, type IterationClient, type OneCall } from './iteration.ts'
import { type LifeCycle, SessionTerm } from './life-cycle.ts'
import { handshake, type OpeningParts, type RecordedCall, runOpening } from './opening.ts'
import type { Scenario } from './scenario.ts'
import type { CallSite } from './steps/step-type.ts'
import type { TemplateScope, Variables } from './templates/template-scope.ts'
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
  readonly #lifeCycle: LifeCycle
  readonly #term: SessionTerm | undefined
  #iterations = 0
  /** Whether the rows of the iteration at hand are among the variables. */
  #hasRows = false
  #isFinished = false
  #connection: McpConnection | undefined
  #isOpen = false
  /** How often it has begun to open: a call that failed before the last time has no say in whether to open again. */
  #openings = 0
  /** In the newest era: of which resources the held stream tells. */
  #subscribed: Set<string> | undefined
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
    this.#lifeCycle = scenario.lifeCycleOf(index)
    this.#term = this.#lifeCycle.hasTerm ? new SessionTerm(this.#lifeCycle, scenario.host.clock) : undefined
    this.random = seededRandom(scenario.host.seed, index)
    this.variables = variables
    for (const [name, value] of Object.entries(initialVariables(scenario.plan, this.random)))
      if (!Object.hasOwn(variables, name)) variables[name] = value
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get isFinished(): boolean {
    return this.#isFinished
  }

  async open(end: EndSignals, dueMs?: number): Promise<boolean> {
    if (end.ending.aborted || !this.#takeRows()) return false
    const { kind, metadataPaths } = this.#scenario
    const connection = findConnector(this.#scenario)(this.#scenario, this)
    this.#connection = connection
    for (const path of metadataPaths) if (!end.ending.aborted) await connection.probe(path, end.cutting, kind.probeHeaders)
    await this.#runOpening(connection, end, dueMs)
    if (!this.#isOpen) await this.#leave(end.ending.aborted ? kind.leaving : 'abandon')
    this.#countTraffic(connection)
    return this.#isOpen
  }

  async iterate(intendedMs: number, end: EndSignals): Promise<number | undefined> {
    if (!this.#takeRows()) return undefined
    const { flow, pace } = this.#scenario
    const { idleMs } = this.#lifeCycle
    const iteration = new Iteration(this, intendedMs, end)
    if (!this.#isOpen) await this.reopen(end)
    else if (this.#term?.isOver === true) await iteration.reopen(intendedMs)
    if (!iteration.isOver) await (idleMs === undefined ? flow(iteration) : iteration.waitUntil(intendedMs + idleMs))
    // An iteration that ended early, or never began, keeps its pace all the same.
    if (iteration.nextIntendedMs === undefined) await pace?.(iteration)
    this.#iterations++
    this.#hasRows = false
    this.#term?.iterated()
    this.#countTraffic(this.#connection)
    return iteration.nextIntendedMs
  }

  async close(): Promise<void> {
    await this.#leave(this.#leaving())
  }

  async reopen(end: EndSignals, dueMs?: number): Promise<void> {
    await this.#leave(this.#leaving())
    if (await this.open(end, dueMs)) return
    await this.#pause(end)
  }

  waitUntil(dueMs: number, { ending }: EndSignals): Promise<void> | undefined {
    if (this.#term && this.#term.reconnectDueMs < dueMs) return this.#waitAndReconnect(this.#term, dueMs, ending)
    return waitUntil(this.host.clock, dueMs, ending)
  }

  resumeStream(): void {
    this.#connection?.resumeStream()
  }

  get parallelCalls(): number {
    return this.#scenario.kind.parallelCalls
  }

  async call(site: CallSite, iteration: Iteration, instead?: OneCall): Promise<number> {
    const connection = this.#connection
    if (!connection) return iteration.dueMs
    if (this.#scenario.kind.initializesPerCall && connection.dialect.era === 'legacy') {
      this.#isOpen = (await handshake(this.#openingParts(connection, iteration.end))) !== undefined
      if (iteration.isOver) return this.host.clock.monotonicMs()
    }
    const request = instead?.request ?? site.fixedRequest ?? renderRequest(site, this)
    const series = this.#scenario.recorder.seriesFor(site, request.name, iteration.dueMs)
    const opening = this.#openings
    const outcome = await connection.request(request, iteration.end.cutting)
    const errorCode = outcome.ok ? this.#check(site, outcome.result) : codeOf(outcome, site)
    if (outcome.ok) instead?.onResult(outcome.result)
    if (outcome.firstEventMs !== undefined) this.host.recorder.latency('firstEvent', outcome.firstEventMs - outcome.sentMs)
    this.#record(series, request, outcome, iteration.dueMs, errorCode)
    const seen = this.#observer?.callEnded({ request, outcome, errorCode, expect: site.expect })
    if (seen) await seen
    if (outcome.ok) {
      this.#pauses = 0
      return seen ? this.host.clock.monotonicMs() : outcome.doneMs
    }
    // Another of the calls that were under way together may have seen to it.
    if (opening !== this.#openings) return outcome.doneMs
    return (await this.#recover(connection, outcome, iteration.end)) ? this.host.clock.monotonicMs() : outcome.doneMs
  }

  async subscribe(site: CallSite, iteration: Iteration, uri: string, wanted: boolean): Promise<number> {
    if (this.#connection?.dialect.era !== 'modern') return this.call(site, iteration)
    this.#subscribed ??= new Set()
    if (wanted) this.#subscribed.add(uri)
    else this.#subscribed.delete(uri)
    this.#connection.holdStream([...this.#subscribed])
    return iteration.dueMs
  }

  async notify(place: CallPlace, iteration: Iteration, paramsJson: string): Promise<number> {
    const outcome = await this.#connection?.notify(place.method, paramsJson, iteration.end.cutting)
    if (!outcome || outcome.ok) return outcome?.doneMs ?? iteration.dueMs
    const series = this.#scenario.recorder.seriesFor(place, undefined, iteration.dueMs)
    this.#record(series, { method: place.method, paramsJson }, outcome, iteration.dueMs, outcome.code)
    return outcome.doneMs
  }

  functionFailed(name: string, error: unknown): void {
    const { recorder, notice } = this.#scenario
    recorder.seriesOfOpening('function', this.host.clock.monotonicMs()).record(0, 0, 'function.failed')
    notice(`the function ${name} failed: ${error instanceof Error ? error.message : String(error)}`)
  }

  /** @returns false where this client's data is used up: it has nothing more to do. */
  #takeRows(): boolean {
    if (this.#hasRows) return true
    const { plan, notice } = this.#scenario
    this.#hasRows = takeRows(plan, this.#index, this.#iterations, this.variables)
    if (this.#hasRows || this.#isFinished) return this.#hasRows
    this.#isFinished = true
    if (this.#iterations === 0) this.host.recorder.count('droppedStarts', 1)
    notice('rows that are handed out once are used up: clients that would need one leave')
    return false
  }

  /** Breaks the push stream whenever that is due, until the wait is over. */
  async #waitAndReconnect(term: SessionTerm, dueMs: number, ending: AbortSignal): Promise<void> {
    const { clock } = this.host
    while (!ending.aborted && term.reconnectDueMs < dueMs) {
      await waitUntil(clock, term.reconnectDueMs, ending)
      if (ending.aborted) return
      this.resumeStream()
      term.reconnected()
    }
    await waitUntil(clock, dueMs, ending)
  }

  /** How it leaves this time. */
  #leaving(): 'end-session' | 'abandon' {
    const { abandonRatio } = this.#lifeCycle
    if (abandonRatio === undefined) return this.#scenario.kind.leaving
    return this.random.next() < abandonRatio ? 'abandon' : 'end-session'
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
    if (connection.isLost) await this.reopen(end)
    else if (isUnreachable(code)) await this.#pause(end)
    else if (connection.hasSession && this.#scenario.kind.sessionLostOn.some((status) => code === `http.${status}`)) {
      await this.#runOpening(connection, end)
    } else return false
    return true
  }

  async #runOpening(connection: McpConnection, end: EndSignals, dueMs?: number): Promise<void> {
    this.#openings++
    this.#isOpen = await runOpening(this.#openingParts(connection, end, dueMs))
    if (this.#isOpen) this.#term?.begin()
  }

  #openingParts(connection: McpConnection, end: EndSignals, firstDueMs?: number): OpeningParts {
    const { recorder } = this.#scenario
    const { clock } = this.host
    let dueMs = firstDueMs ?? clock.monotonicMs()
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
    return { scenario: this.#scenario, lifeCycle: this.#lifeCycle, connection, end, call }
  }

  async #pause({ ending }: EndSignals): Promise<void> {
    const { clock } = this.host
    const pauseMs = Math.min(firstPauseMs * 2 ** this.#pauses++, longestPauseMs)
    await waitUntil(clock, clock.monotonicMs() + pauseMs, ending)
  }

  async #leave(leaving: 'end-session' | 'abandon'): Promise<void> {
    const connection = this.#connection
    this.#subscribed = undefined
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

/** To try again at once would only ask the same question faster. */
const isUnreachable = (code: string): boolean =>
  code === 'transport.refused' || code === 'transport.tls' || code.startsWith('auth.')

function renderRequest({ method, name, params, wantsProgress, cancelAfter }: CallSite, scope: TemplateScope): McpRequest {
  const rendered = name?.fixed ?? name?.render(scope)
  return {
    method,
    paramsJson: params.render(scope),
    ...(rendered !== undefined && { name: rendered }),
    ...(wantsProgress === true && { wantsProgress }),
    ...(cancelAfter && { cancelAfterMs: drawMs(cancelAfter, scope.random) }),
  }
}

/** A call that was cancelled as its step wanted did what it should. */
const codeOf = ({ code }: CallFailure, { cancelAfter }: CallSite): string | undefined =>
  code === 'cancelled' && cancelAfter ? undefined : code
