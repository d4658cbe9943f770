// The only file that imports OpenTelemetry; itself imported only where traces are wanted.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Attributes, type Context } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import type { EndedCall, StatementRecord } from '@squall/mcp-server'
import { normalizeStatement } from '@squall/snowflake-sql'
import type { Clock } from '@squall/time'
import type { Traces, TracesChoice } from './traces.ts'

/** Sends each call as a trace, once it has ended: what it waited for and what it ran are spans made of its record. */
export function startOtlpTraces({ endpoint, sampleRatio }: TracesChoice, version: string, clock: Clock): Traces {
  const counts = { exported: 0, failed: 0 }
  const exporter = countExports(new OTLPTraceExporter({ url: endpoint, timeoutMillis: exportTimeoutMs }), counts)
  const processor = new BatchSpanProcessor(exporter, {
    maxQueueSize: 8192,
    scheduledDelayMillis: 1000,
    exportTimeoutMillis: exportTimeoutMs,
  })
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'snowflake-mcp', 'service.version': version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [processor],
  })
  const tracer = provider.getTracer('snowflake-mcp')

  const onCallEnd = (call: EndedCall): void => {
    const { context, outcome, code, durationMs } = call
    const { record, startedMs } = context
    const toWall = clock.wallMs() - clock.monotonicMs()
    const span = tracer.startSpan(
      `tools/call ${context.tool.slice(0, 200)}`,
      { kind: SpanKind.SERVER, startTime: startedMs + toWall, attributes: describeCall(call) },
      parentOf(context.traceparent),
    )
    if (span.isRecording()) {
      const within = trace.setSpan(ROOT_CONTEXT, span)
      const add = (name: string, { startedMs: from, durationMs: lastedMs }: Stretch, more: More = {}): void => {
        const { attributes = {}, kind = SpanKind.INTERNAL, error } = more
        const child = tracer.startSpan(name, { kind, startTime: from + toWall, attributes }, within)
        if (error !== undefined) child.setStatus({ code: SpanStatusCode.ERROR, message: error })
        child.end(from + lastedMs + toWall)
      }
      if (record.admittedMs !== undefined) add('admission', { startedMs, durationMs: record.admittedMs - startedMs })
      for (const wait of record.poolWaits) add('pool wait', wait)
      for (const statement of record.statements) if (statement.outcome !== 'refused') addStatement(add, statement)
    }
    if (outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR, message: code ?? outcome })
    span.end(startedMs + durationMs + toWall)
  }

  return {
    onCallEnd,
    counts,
    close: () => provider.shutdown().catch(() => undefined),
  }
}

const exportTimeoutMs = 1000

interface Stretch {
  readonly startedMs: number
  readonly durationMs: number
}

interface More {
  readonly attributes?: Attributes
  readonly kind?: SpanKind
  readonly error?: string | undefined
}

function addStatement(add: (name: string, when: Stretch, more: More) => void, statement: StatementRecord): void {
  const { sql, outcome, code, queryId, rows } = statement
  const text = normalizeStatement(sql)
  const operation = /^\w+/.exec(text)?.[0] ?? 'statement'
  const attributes: Attributes = {
    'db.system.name': 'snowflake',
    'db.operation.name': operation,
    'db.query.text': text.slice(0, 4000),
    ...(queryId !== undefined && { 'snowflake.query_id': queryId }),
    ...(rows !== undefined && { 'db.response.returned_rows': rows }),
  }
  add(`snowflake ${operation}`, statement, {
    attributes,
    kind: SpanKind.CLIENT,
    error: outcome === 'failed' ? (code ?? 'internal') : undefined,
  })
}

function describeCall({ context, outcome, code }: EndedCall): Attributes {
  const { requestId, tool, caller } = context
  return {
    'mcp.method.name': 'tools/call',
    'gen_ai.tool.name': tool.slice(0, 200),
    'network.transport': caller.transport === 'stdio' ? 'pipe' : 'tcp',
    // The request id is the QUERY_TAG of every statement the call ran.
    'squall.request_id': requestId,
    'squall.client_type': caller.clientType,
    'squall.outcome': outcome,
    ...(code !== undefined && { 'error.type': code }),
  }
}

/** @param traceparent well-formed, where there is one. */
function parentOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = traceparent?.split('-') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}

function countExports(exporter: SpanExporter, counts: { exported: number; failed: number }): SpanExporter {
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error === undefined) counts.exported += spans.length
        else counts.failed += spans.length
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
  }
}
