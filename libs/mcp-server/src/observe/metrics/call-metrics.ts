import type { EndedCall } from '../call-record.ts'
import { boundedLabel } from './bounded-label.ts'
import type { Instruments } from './instruments.ts'

export interface CallMetrics {
  callStarted(): void
  /** The call's tool is about to run, this long after the call came. */
  callAdmitted(waitedMs: number): void
  callEnded(call: EndedCall): void
  httpReplied(status: number, bytes: number): void
  /** A message that was refused before anybody looked at what it asks; both labels are of closed sets. */
  messageRefused(transport: 'websocket' | 'stdio', reason: string): void
}

/** More than all catalogues of errors hold. */
const mostCodes = 200
const sizeBuckets = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304]

/** @param toolNames the only values of the label `tool`; anything else counts as `unknown`. */
export function createCallMetrics(make: Instruments, toolNames: readonly string[]): CallMetrics {
  const requests = make.counter('mcp_requests_total', 'Tool calls by tool, outcome and kind of client', [
    'tool',
    'outcome',
    'client_type',
  ])
  const durations = make.histogram('mcp_request_duration_seconds', 'Time from a tool call to its answer, waiting included', [
    'tool',
  ])
  const admissions = make.histogram('mcp_admission_wait_seconds', 'Time from a tool call to its turn')
  const concurrent = make.gauge('mcp_concurrent_requests', 'Tool calls in the server now')
  const refusals = make.counter('mcp_refusals_total', 'Tool calls that were turned away, by code of the error', ['code'])
  const errors = make.counter('mcp_errors_total', 'Tool calls that failed, by code of the error', ['code'])
  const replies = make.counter('mcp_http_replies_total', 'HTTP replies by status', ['status'])
  const sizes = make.histogram('mcp_response_size_bytes', 'Size of the bodies of HTTP replies', [], sizeBuckets)
  const refusedMessages = make.counter('mcp_messages_refused_total', 'Messages on WebSocket and stdio that are no JSON-RPC', [
    'transport',
    'reason',
  ])
  const tools = new Set(toolNames)
  const codeLabel = boundedLabel(mostCodes)
  return {
    callStarted: () => concurrent.inc(),
    callAdmitted: (waitedMs) => admissions.observe(waitedMs / 1000),
    callEnded({ context, outcome, code, durationMs }) {
      concurrent.dec()
      const tool = tools.has(context.tool) ? context.tool : 'unknown'
      requests.inc({ tool, outcome, client_type: context.caller.clientType })
      durations.observe({ tool }, durationMs / 1000)
      if (outcome === 'refused') refusals.inc({ code: codeLabel(code ?? 'none') })
      else if (outcome === 'tool_error' || outcome === 'internal_error') errors.inc({ code: codeLabel(code ?? 'internal') })
    },
    httpReplied(status, bytes) {
      replies.inc({ status })
      sizes.observe(bytes)
    },
    messageRefused: (transport, reason) => refusedMessages.inc({ transport, reason }),
  }
}
