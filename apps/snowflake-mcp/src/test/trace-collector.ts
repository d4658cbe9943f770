// A collector of traces that keeps what it is sent, for tests.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
  readonly status: { readonly code?: number; readonly message?: string }
}

export interface TraceCollector {
  readonly url: string
  readonly spans: () => readonly CollectedSpan[]
  /** Everything it was sent, headers included. */
  readonly received: () => string
  /** Answers from now on with this status. */
  answerWith(status: number): void
  close(): Promise<void>
}

interface Export {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[] }[]
}

export async function startTraceCollector(): Promise<TraceCollector> {
  const bodies: string[] = []
  let received = ''
  let status = 200
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      received += JSON.stringify(request.headers) + body
      if (status === 200) bodies.push(body)
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    received: () => received,
    spans: () => bodies.flatMap(spansIn),
    answerWith: (next) => void (status = next),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function spansIn(body: string): readonly CollectedSpan[] {
  // The exporter is the official one; what it sends is OTLP in JSON.
  const { resourceSpans } = JSON.parse(body) as Export
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
}
