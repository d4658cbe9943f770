import type { CallSeries, CounterName, LatencyName, Recorder, SeriesKey } from '@squall/metrics'
import type { Events } from './artillery.ts'

/**
 * Reports calls as Artillery metrics:
 * `mcp.requests`, `mcp.response_time` over everything; `mcp.tools.NAME.calls`, `.failed`, `.response_time` for each tool, and
 * `mcp.tools.response_time` over all of them;
 * `mcp.methods.METHOD.calls`, `.failed`, `.response_time` for every other method; `errors.CODE`;
 * `mcp.first_event`, `mcp.notification` and `mcp.cancellation` where clients measure them.
 * `response_time` is Squall's service time in milliseconds: Artillery's arrivals know no intended start within a session.
 */
export class ArtilleryRecorder implements Recorder {
  readonly #events: Events

  constructor(events: Events) {
    this.#events = events
  }

  series({ method, tool }: SeriesKey): CallSeries {
    const group = tool === '' ? `mcp.methods.${method}` : `mcp.tools.${tool}`
    const names = { calls: `${group}.calls`, failed: `${group}.failed`, responseTime: `${group}.response_time` }
    const record = (serviceMs: number, _responseMs: number, errorCode?: string): void => {
      this.#events.emit('counter', 'mcp.requests', 1)
      this.#events.emit('histogram', 'mcp.response_time', serviceMs)
      this.#events.emit('counter', names.calls, 1)
      this.#events.emit('histogram', names.responseTime, serviceMs)
      if (tool !== '') this.#events.emit('histogram', 'mcp.tools.response_time', serviceMs)
      if (errorCode === undefined) return
      this.#events.emit('counter', names.failed, 1)
      this.#events.emit('error', errorCode)
    }
    return { record }
  }

  count(counter: CounterName, amount: number): void {
    const name = reportedCounters[counter]
    if (name !== undefined && amount > 0) this.#events.emit('counter', name, amount)
  }

  latency(name: LatencyName, latencyMs: number): void {
    this.#events.emit('histogram', latencyMetrics[name], latencyMs)
  }

  // Artillery counts its virtual users itself, and has no schedule of ours that could lag.
  clientsChanged(): void {}
  scheduleLag(): void {}
}

const latencyMetrics: Readonly<Record<LatencyName, string>> = {
  firstEvent: 'mcp.first_event',
  notification: 'mcp.notification',
  cancellation: 'mcp.cancellation',
}

const reportedCounters: Readonly<Partial<Record<CounterName, string>>> = {
  sessionsOpened: 'mcp.sessions_opened',
  bytesSent: 'mcp.bytes_sent',
  bytesReceived: 'mcp.bytes_received',
  strayReplies: 'mcp.stray_replies',
}
