import type { CallOutcome, McpConnection } from '@squall/mcp-wire'
import { thrownText } from '@squall/errors'
import { type RandomSource, seededRandom } from '@squall/time'
import type { CallObserver } from './call-observer.ts'
import type { CallPlace } from './call-recorder.ts'
import { codeOf, missedCheck, type CallUnderWay } from './call-under-way.ts'
import type { ClientHost } from './client-host.ts'
import { initialVariables, takeRows } from './client-data.ts'
import { ClientSession } from './client-session.ts'
import type { EndSignals } from './end-signals.ts'
import { Iteration, type IterationClient, type OneCall } from './iteration.ts'
import { Later, type Pending } from './later.ts'
import { type LifeCycle, SessionTerm } from './life-cycle.ts'
import { nextTurn } from './next-turn.ts'
import { renderRequest } from './render-request.ts'
import type { Scenario } from './scenario.ts'
import type { CallSite, CompiledStep } from './steps/step-type.ts'
import type { Variables } from './templates/template-scope.ts'
import { UnwritableValue } from './templates/unwritable-value.ts'
import type { VirtualClient } from './virtual-client.ts'
import { waitAndReconnect } from './wait-and-reconnect.ts'
import { Waits } from './wait-until.ts'

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
  readonly #session: ClientSession
  #iterations = 0
  /** Whether the rows of the iteration at hand are among the variables. */
  #hasRows = false
  #isFinished = false
  #waits: Waits | undefined
  /** In the newest era: of which resources the held stream tells. */
  #subscribed: Set<string> | undefined

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
    this.#session = new ClientSession({ scenario, lifeCycle: this.#lifeCycle, scope: this, observer })
  }

  get isOpen(): boolean {
    return this.#session.isOpen || this.#session.remaking !== undefined
  }

  get isFinished(): boolean {
    return this.#isFinished
  }

  get parallelCalls(): number {
    return this.#scenario.kind.parallelCalls
  }

  get patienceMs(): number {
    return this.#scenario.plan.requestTimeoutMs
  }

  async open(end: EndSignals, dueMs?: number): Promise<boolean> {
    if (end.ending.aborted || !this.#takeRows()) return false
    this.#subscribed = undefined
    try {
      if (!(await this.#session.open(end, dueMs))) return false
    } catch (error) {
      this.#couldNotWrite(error)
      return false
    }
    this.#term?.begin()
    return true
  }

  iterate(intendedMs: number, end: EndSignals): Pending<number | undefined> {
    if (!this.#takeRows()) return usedUp
    const iteration = new Iteration(this, intendedMs, end)
    if (!this.isOpen || this.#term?.isOver === true || this.#session.isElsewhere) return this.#reopenAndWalk(iteration)
    const walk = this.#walk(iteration)
    return walk ? this.#iteratedAfter(walk, iteration) : this.#iteratedAtOnce(iteration)
  }

  #iteratedAfter(walk: Pending, iteration: Iteration): Pending<number | undefined> {
    const iterated = new Later<number | undefined>()
    walk.then(
      () => iterated.endWith(() => this.#iterated(iteration)),
      (error) =>
        iterated.endWith(() => {
          this.#couldNotWrite(error, iteration)
          return this.#iterated(iteration)
        }),
    )
    return iterated
  }

  async #iteratedAtOnce(iteration: Iteration): Promise<number | undefined> {
    const nextMs = this.#iterated(iteration)
    await nextTurn()
    return nextMs
  }

  async #reopenAndWalk(iteration: Iteration): Promise<number | undefined> {
    if (this.isOpen) await iteration.reopen(iteration.intendedMs)
    else await this.reopen(iteration.end)
    const walk = this.#walk(iteration)
    return walk ? await this.#iteratedAfter(walk, iteration) : this.#iterated(iteration)
  }

  #walk(iteration: Iteration): Pending | undefined {
    if (iteration.isOver) return undefined
    try {
      return this.#walkFlow(iteration, this.#scenario.flow)
    } catch (error) {
      this.#couldNotWrite(error, iteration)
      return undefined
    }
  }

  #walkFlow(iteration: Iteration, flow: CompiledStep): Pending | undefined {
    const { idleMs } = this.#lifeCycle
    return idleMs === undefined ? flow(iteration) : iteration.waitUntil(iteration.intendedMs + idleMs)
  }

  #iterated(iteration: Iteration): number | undefined {
    // An iteration that ended early, or never began, keeps its pace all the same.
    if (iteration.nextIntendedMs === undefined) this.#scenario.pace?.(iteration)
    this.#iterations++
    this.#hasRows = false
    this.#term?.iterated()
    this.#session.countTraffic()
    return iteration.nextIntendedMs
  }

  async close(): Promise<void> {
    this.#waits?.close()
    await this.#session.leave()
  }

  reopen(end: EndSignals, dueMs?: number): Promise<void> {
    return this.#session.remake(async () => {
      await this.#session.leave()
      if (!(await this.open(end, dueMs))) await this.#session.pause(end)
    })
  }

  waitUntil(dueMs: number, { ending }: EndSignals): Pending | undefined {
    if (this.#term && this.#term.reconnectDueMs < dueMs)
      return waitAndReconnect(this.#term, { clock: this.host.clock, dueMs, ending, resumeStream: () => this.resumeStream() })
    this.#waits ??= new Waits(this.host.clock)
    return this.#waits.until(dueMs, ending)
  }

  resumeStream(): void {
    this.#session.connection?.resumeStream()
  }

  call(site: CallSite, iteration: Iteration, instead?: OneCall): Pending {
    const { remaking, connection } = this.#session
    if (remaking) return this.#callLater(remaking, site, iteration, instead)
    if (!connection) return nothingToDo
    if (this.#scenario.kind.initializesPerCall && connection.dialect.era === 'legacy')
      return this.#callRenewed(connection, site, iteration, instead)
    return this.#callOn(connection, site, iteration, instead)
  }

  async #callLater(remaking: Promise<void>, site: CallSite, iteration: Iteration, instead?: OneCall): Promise<void> {
    await this.#waitForSession(remaking, iteration)
    if (!iteration.isOver) await this.call(site, iteration, instead)
  }

  async #callRenewed(connection: McpConnection, site: CallSite, iteration: Iteration, instead?: OneCall): Promise<void> {
    const renewedFromMs = this.host.clock.monotonicMs()
    const isRenewed = await this.#session.renew(connection, iteration.end)
    // The handshake has numbers of its own: the call is due so much later, and late by no more than it was.
    iteration.dueMs += this.host.clock.monotonicMs() - renewedFromMs
    if (isRenewed && !iteration.end.ending.aborted) await this.#callOn(connection, site, iteration, instead)
  }

  #callOn(connection: McpConnection, site: CallSite, iteration: Iteration, instead?: OneCall): Pending {
    const request = instead?.request ?? site.fixedRequest ?? renderRequest(site, this)
    const series = this.#scenario.recorder.seriesFor(site, request.name, iteration.dueMs)
    const opening = this.#session.openings
    const call = new Later()
    connection.ask(request, iteration.end.cutting, (outcome) => {
      this.#end(call, { site, iteration, request, series, opening, instead }, outcome)
    })
    return call
  }

  #end(call: Later, underWay: CallUnderWay, outcome: CallOutcome): void {
    let pending: Promise<void> | undefined
    try {
      pending = this.#ended(underWay, outcome)
    } catch (error) {
      return call.fail(error)
    }
    if (!pending) return call.end()
    pending.then(
      () => call.end(),
      (error: unknown) => call.fail(error),
    )
  }

  /** @returns what is still to be waited for before the flow goes on. */
  #ended({ site, iteration, request, series, opening, instead }: CallUnderWay, outcome: CallOutcome): Promise<void> | undefined {
    const errorCode = outcome.ok ? missedCheck(site, outcome.result, this) : codeOf(outcome, site)
    if (outcome.ok) instead?.onResult(outcome.result)
    if (outcome.firstEventMs !== undefined) this.host.recorder.latency('firstEvent', outcome.firstEventMs - outcome.sentMs)
    this.#session.record(series, request, outcome, iteration.dueMs, errorCode)
    const seen = this.#observer?.callEnded({ request, outcome, errorCode, expect: site.expect })
    iteration.dueMs = outcome.doneMs
    if (!seen && outcome.ok) {
      this.#session.succeeded()
      return undefined
    }
    return this.#goOnAfter(seen, outcome, opening, iteration)
  }

  async #goOnAfter(seen: Promise<void> | undefined, outcome: CallOutcome, opening: number, iteration: Iteration): Promise<void> {
    const session = this.#session
    if (seen) {
      await seen
      iteration.wasBusy()
    }
    if (outcome.ok) return session.succeeded()
    // Another of the calls that were under way together may have seen to it.
    const hasRecovered = opening === session.openings && (await session.recover(outcome, iteration.end))
    if (opening !== session.openings && session.isOpen) this.#term?.begin()
    if (hasRecovered) iteration.wasBusy()
  }

  async subscribe(site: CallSite, iteration: Iteration, uri: string, wanted: boolean): Promise<void> {
    const { connection } = this.#session
    if (connection?.dialect.era !== 'modern') return this.call(site, iteration)
    this.#subscribed ??= new Set()
    if (wanted) this.#subscribed.add(uri)
    else this.#subscribed.delete(uri)
    connection.holdStream([...this.#subscribed])
  }

  async notify(place: CallPlace, iteration: Iteration, paramsJson: string): Promise<number> {
    if (this.#session.remaking) await this.#waitForSession(this.#session.remaking, iteration)
    const outcome = await this.#session.connection?.notify(place.method, paramsJson, iteration.end.cutting)
    if (!outcome || outcome.ok) return outcome?.doneMs ?? iteration.dueMs
    const series = this.#scenario.recorder.seriesFor(place, undefined, iteration.dueMs)
    this.#session.record(series, { method: place.method, paramsJson }, outcome, iteration.dueMs, outcome.code)
    return outcome.doneMs
  }

  functionFailed(name: string, error: unknown): void {
    this.#recordFunction(`the function ${name} failed: ${thrownText(error)}`)
  }

  /** Only functions of the user's put into variables what cannot be sent. Anything else that is thrown is a defect. */
  #couldNotWrite(error: unknown, iteration?: Iteration): void {
    if (!(error instanceof UnwritableValue)) throw error
    iteration?.breakOff()
    this.#recordFunction(`a variable cannot be sent: ${error.message}`)
  }

  #recordFunction(text: string): void {
    const { recorder, notice } = this.#scenario
    recorder.seriesOfOpening('function', this.host.clock.monotonicMs()).record(0, 0, 'function.failed')
    notice(text)
  }

  /** Another of the calls under way together lost the session, and is making it again. */
  async #waitForSession(remaking: Promise<void>, iteration: Iteration): Promise<void> {
    await remaking
    iteration.wasBusy()
  }

  /** @returns false where this client's data is used up: it has nothing more to do. */
  #takeRows(): boolean {
    if (this.#hasRows) return true
    const { plan, notice } = this.#scenario
    this.#hasRows = plan.payloads.length === 0 || takeRows(plan, this.#index, this.#iterations, this.variables)
    if (this.#hasRows || this.#isFinished) return this.#hasRows
    this.#isFinished = true
    if (this.#iterations === 0) this.host.recorder.count('droppedStarts', 1)
    notice('rows that are handed out once are used up: clients that would need one leave')
    return false
  }
}

const nothingToDo = Promise.resolve()
const usedUp = Promise.resolve(undefined)
