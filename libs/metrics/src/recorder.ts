/** What a call is told apart by. Every value comes from a bounded set: a pack's own tools, kinds, transports and phases. */
export interface SeriesKey {
  /** The MCP method: `tools/call`, `initialize`, … */
  readonly method: string
  /** The tool's name where the method is `tools/call`, else empty. */
  readonly tool: string
  readonly clientKind: string
  readonly transport: string
  /** The phase or scenario stage the call belongs to; empty where the plan names none. */
  readonly phase: string
}

/** Where the calls of one series are recorded. Looked up once per compiled step, so that recording is cheap. */
export interface CallSeries {
  /**
   * Records one finished call.
   * @param serviceMs from the moment the request was handed to the transport to its checked answer.
   * Failed calls count in the latencies too, as in k6 and Locust: a report shows `failed` beside them.
   * @param responseMs from the *intended* start to the checked answer; never less than `serviceMs`.
   * @param errorCode absent for a success; else a code such as `tool.is_error`, `http.429`, `transport.reset`.
   */
  record(serviceMs: number, responseMs: number, errorCode?: string): void
}

export type CounterName =
  | 'clientsStarted'
  | 'clientsFinished'
  | 'droppedStarts'
  | 'sessionsOpened'
  | 'bytesSent'
  | 'bytesReceived'
  /** Answers nobody waited for: late, doubled, or with an unknown id. They fail no call. */
  | 'strayReplies'

/**
 * Times that are not those of a call from its start to its answer.
 * - `firstEvent`: from the moment a request was handed to the transport to the first event or byte of its streamed answer.
 * - `notification`: from the moment something was done that makes the server notify, such as a progress step or a subscribed
 *   change, to the arrival of the notification.
 * - `cancellation`: from the moment a cancellation was handed to the transport to the end of the call it cancels.
 */
export type LatencyName = 'firstEvent' | 'notification' | 'cancellation'

/** The seam between virtual clients and whatever keeps their numbers: Squall's own recorder, or Artillery's events. */
export interface Recorder {
  series(key: SeriesKey): CallSeries
  count(counter: CounterName, amount: number): void
  /** @param latencyMs finite and at least 0. */
  latency(name: LatencyName, latencyMs: number): void
  /** A client of this kind came to life (+1) or ended (-1). */
  clientsChanged(clientKind: string, delta: 1 | -1): void
  /**
   * How late the generator itself was with a start, in milliseconds of at least 0: from the later of the intended start and the
   * moment the client was free for it. A start that waited for a slow target is not the generator's lag; it is in the response time.
   */
  scheduleLag(lagMs: number): void
}
