import type { EndedCall, Instruments } from '@squall/mcp-server'
import type { Clock } from '@squall/time'

export interface TracesChoice {
  /** Where OTLP over HTTP is taken: `http://127.0.0.1:4318/v1/traces`. */
  readonly endpoint: string
  /** The share of calls that begin a trace of their own; calls that belong to a trace follow it. */
  readonly sampleRatio: number
}

export interface Traces {
  onCallEnd(call: EndedCall): void
  /** Spans by what became of them. */
  readonly counts: { readonly exported: number; readonly failed: number }
  /** Sends what waits, for a moment. */
  close(): Promise<void>
}

/** Starts sending traces; the libraries for it are loaded here and nowhere else. */
export async function startTraces(choice: TracesChoice, version: string, clock: Clock): Promise<Traces> {
  const { startOtlpTraces } = await import('./otlp-tracer.ts')
  return startOtlpTraces(choice, version, clock)
}

export function addTraceMetrics(make: Instruments, { counts }: Traces): void {
  make.readCounter('mcp_trace_spans_exported_total', 'Spans the collector took', () => counts.exported)
  make.readCounter('mcp_trace_spans_failed_total', 'Spans that could not be handed to the collector', () => counts.failed)
}
