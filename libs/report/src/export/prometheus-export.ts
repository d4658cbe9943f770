import { createServer, type Server } from 'node:http'
import { notPossible } from './not-possible.ts'
import type { ExportedRun, ExportedSecond, NumbersExport } from './numbers-export.ts'
import { renderPrometheusText } from './prometheus-text.ts'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** An endpoint that Prometheus scrapes while the run goes on: `http://HOST:PORT/metrics`. */
export function createPrometheusExport(where: string, { host, port }: ListenAddress): NumbersExport {
  let run: ExportedRun | undefined
  let newest: ExportedSecond | undefined
  const server = createServer((request, response) => {
    if (new URL(request.url ?? '/', 'http://h').pathname !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    // Before the first second there is nothing to count yet.
    const text = run && newest ? renderPrometheusText(run, newest) : ''
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text)
  })
  return {
    name: `prometheus=${where}`,
    isCumulative: true,
    start: async (started) => {
      run = started
      await listen(server, { host, port })
    },
    take: async (second) => void (newest = second),
    close: () => close(server),
  }
}

function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(notPossible(`cannot listen on ${host}:${port} for Prometheus`, error)))
    server.listen(port, host, resolve)
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
