import type { CallFailure, CallOutcome, McpConnection, McpRequest } from '@squall/mcp-wire'
import type { CallSeries } from '@squall/metrics'
import type { CallObserver } from './call-observer.ts'
import { findConnector } from './connect.ts'
import type { Destination } from './destination.ts'
import type { EndSignals } from './end-signals.ts'
import type { LifeCycle } from './life-cycle.ts'
import { handshake, type OpeningParts, type RecordedCall, runOpening } from './opening.ts'
import type { Scenario } from './scenario.ts'
import type { TemplateScope } from './templates/template-scope.ts'
import { waitUntil } from './wait-until.ts'

// A dead target refuses connections within microseconds: without a pause, its clients would count nothing but that.
const firstPauseMs = 100
const longestPauseMs = 2000

export interface ClientSessionParts {
  readonly scenario: Scenario
  readonly lifeCycle: LifeCycle
  /** Of the client: what headers are rendered from, and what chance draws from. */
  readonly scope: TemplateScope
  readonly observer: CallObserver | undefined
}

/** One client's line to the target and its session there: opened and left as the kind and the life cycle say, opened again when lost. */
export class ClientSession {
  readonly #parts: ClientSessionParts
  #connection: McpConnection | undefined
  /** Where it was opened last. */
  #destination: Destination | undefined
  #isOpen = false
  #remaking: Promise<void> | undefined
  #openings = 0
  /** Pauses in a row, without a success between them. */
  #pauses = 0
  #bytesSent = 0
  #bytesReceived = 0
  #strayReplies = 0

  constructor(parts: ClientSessionParts) {
    this.#parts = parts
  }

  get connection(): McpConnection | undefined {
    return this.#connection
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether live control sent its clients elsewhere since it was opened. */
  get isElsewhere(): boolean {
    return this.#destination !== this.#parts.scenario.destination.now
  }

  /** Settles when the session that is being made once more is there, or is given up; undefined while nobody makes one. */
  get remaking(): Promise<void> | undefined {
    return this.#remaking
  }

  /** How often it has begun to open: a call that failed before the last time has no say in whether to open again. */
  get openings(): number {
    return this.#openings
  }

  /**
   * Connects and opens.
   * @param dueMs when the first call of the opening was due; now unless given.
   */
  async open(end: EndSignals, dueMs?: number): Promise<boolean> {
    const { scenario, scope } = this.#parts
    const { kind } = scenario
    this.#destination = scenario.destination.now
    const { metadataPaths } = this.#destination
    const connection = findConnector(scenario)(scenario, scope)
    this.#connection = connection
    for (const path of metadataPaths) if (!end.ending.aborted) await connection.probe(path, end.cutting, kind.probeHeaders)
    await this.#runOpening(connection, end, dueMs)
    if (!this.#isOpen) await this.#leaveAs(end.ending.aborted ? kind.leaving : 'abandon')
    this.countTraffic()
    return this.#isOpen
  }

  /**
   * For kinds whose sessions serve one call each: a handshake on the open line.
   * @returns whether it went well. A failed one is the end of the session, even where others beside it went well.
   */
  async renew(connection: McpConnection, end: EndSignals): Promise<boolean> {
    const isRenewed = (await handshake(this.#openingParts(connection, end))) !== undefined
    if (!isRenewed) this.#isOpen = false
    return isRenewed
  }

  /** Does what makes the session once more; whoever would use it meanwhile can wait for `remaking`. */
  async remake<T>(work: () => Promise<T>): Promise<T> {
    while (this.#remaking) await this.#remaking
    const over = Promise.withResolvers<void>()
    this.#remaking = over.promise
    try {
      return await work()
    } finally {
      this.#remaking = undefined
      over.resolve()
    }
  }

  /** Leaves as the life cycle says, or else as the kind does, and frees all sockets. */
  async leave(): Promise<void> {
    const { scenario, lifeCycle, scope } = this.#parts
    const { abandonRatio } = lifeCycle
    if (abandonRatio === undefined) return this.#leaveAs(scenario.kind.leaving)
    await this.#leaveAs(scope.random.next() < abandonRatio ? 'abandon' : 'end-session')
  }

  /** A call went well: whatever was wrong before is over. */
  succeeded(): void {
    this.#pauses = 0
  }

  /**
   * Sees to what a failed call says about the line: a session that is lost is opened again, a target that is away is given time.
   * @returns whether time was spent that belongs to no call.
   */
  async recover({ code }: CallFailure, end: EndSignals): Promise<boolean> {
    const connection = this.#connection
    if (!connection || end.ending.aborted) return false
    if (connection.isLost) await this.remake(() => this.#openAnew(end))
    else if (isUnreachable(code)) await this.pause(end)
    else if (connection.hasSession && this.#parts.scenario.kind.sessionLostOn.some((status) => code === `http.${status}`)) {
      await this.remake(() => this.#runOpening(connection, end))
    } else return false
    return true
  }

  /** Waits before the next attempt, longer each time in a row. */
  async pause({ ending }: EndSignals): Promise<void> {
    const { clock } = this.#parts.scenario.host
    const pauseMs = Math.min(firstPauseMs * 2 ** this.#pauses++, longestPauseMs)
    await waitUntil(clock, clock.monotonicMs() + pauseMs, ending)
  }

  /** Counts what went over the line since the last time. */
  countTraffic(connection: McpConnection | undefined = this.#connection): void {
    if (!connection) return
    const { recorder } = this.#parts.scenario.host
    const { bytesSent, bytesReceived, strayReplies } = connection.traffic
    recorder.count('bytesSent', bytesSent - this.#bytesSent)
    recorder.count('bytesReceived', bytesReceived - this.#bytesReceived)
    if (strayReplies > this.#strayReplies) recorder.count('strayReplies', strayReplies - this.#strayReplies)
    this.#bytesSent = bytesSent
    this.#bytesReceived = bytesReceived
    this.#strayReplies = strayReplies
  }

  /** A call that the end of the run cut before it left this process never reached the target, and does not count; a start that the plan owed is told. */
  record(series: CallSeries, request: McpRequest, outcome: CallOutcome, dueMs: number, errorCode: string | undefined): void {
    if (errorCode === 'stopped' && outcome.bytesSent === 0) {
      if (this.#owesStart) this.#parts.scenario.host.recorder.count('droppedStarts', 1)
      return
    }
    const serviceMs = outcome.doneMs - outcome.sentMs
    series.record(serviceMs, Math.max(serviceMs, outcome.doneMs - dueMs), errorCode)
    if (errorCode !== undefined) this.#parts.scenario.host.samples?.offer(request, outcome, errorCode)
  }

  /** An arrival that never came to its first call, or a beat of a paced client without one. */
  get #owesStart(): boolean {
    const { plan, pace } = this.#parts.scenario
    return plan.model.type === 'open' ? !this.#isOpen && this.#openings === 1 : pace !== undefined
  }

  async #openAnew(end: EndSignals): Promise<void> {
    await this.leave()
    if (!(await this.open(end))) await this.pause(end)
  }

  async #runOpening(connection: McpConnection, end: EndSignals, dueMs?: number): Promise<void> {
    this.#openings++
    this.#isOpen = await runOpening(this.#openingParts(connection, end, dueMs))
  }

  #openingParts(connection: McpConnection, end: EndSignals, firstDueMs?: number): OpeningParts {
    const { scenario, lifeCycle, observer } = this.#parts
    const { host, recorder } = scenario
    let dueMs = firstDueMs ?? host.clock.monotonicMs()
    const call: RecordedCall = async (request, isFine) => {
      const series = recorder.seriesOfOpening(request.method, dueMs)
      const outcome = await connection.request(request, end.cutting)
      const errorCode = outcome.ok || isFine?.(outcome) === true ? undefined : outcome.code
      this.record(series, request, outcome, dueMs, errorCode)
      await observer?.callEnded({ request, outcome, errorCode, expect: undefined })
      if (request.method === 'initialize' && outcome.ok) host.recorder.count('sessionsOpened', 1)
      dueMs = host.clock.monotonicMs()
      return outcome
    }
    const notify = async (method: string): Promise<CallOutcome> => {
      const told = await connection.notify(method, '{}', end.cutting)
      if (!told.ok) this.record(recorder.seriesOfOpening(method, dueMs), { method, paramsJson: '{}' }, told, dueMs, told.code)
      dueMs = host.clock.monotonicMs()
      return told
    }
    return { scenario, lifeCycle, connection, end, call, notify }
  }

  async #leaveAs(leaving: 'end-session' | 'abandon'): Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    this.#isOpen = false
    await connection?.close(leaving)
    this.countTraffic(connection)
    this.#bytesSent = 0
    this.#bytesReceived = 0
    this.#strayReplies = 0
  }
}

/** To try again at once would only ask the same question faster. */
const isUnreachable = (code: string): boolean =>
  code === 'transport.refused' || code === 'transport.tls' || code.startsWith('auth.')
