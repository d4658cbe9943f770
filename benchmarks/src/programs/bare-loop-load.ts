// The floor under every client on `node:net`: it sends a text that was made beforehand, finds the body behind the empty line, parses it
// and looks at its id. It knows no HTTP, no time-outs, no schedule and no histograms, and relies on answers that come in one piece.
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ownCpuSeconds, printLoadResult, readLoadJob, type LoadRequest } from '../load-job.ts'

interface Answer {
  readonly id?: unknown
  readonly result?: { readonly content?: unknown; readonly isError?: boolean }
}

const { url, requests, warmUpSeconds, measuredSeconds } = readLoadJob()
const { host, hostname, port, pathname, search } = new URL(url)
// Readings are over before the next one begins, so that all connections may share the memory.
const buffer = Buffer.allocUnsafeSlow(65_536)
let calls = 0

const sockets = requests.map(callOverAndOver)
await sleep(warmUpSeconds * 1000)
const before = { calls, cpuSeconds: ownCpuSeconds() }
await sleep(measuredSeconds * 1000)
printLoadResult({ calls: calls - before.calls, cpuSeconds: ownCpuSeconds() - before.cpuSeconds, allCalls: calls })
for (const socket of sockets) socket.destroy()

function callOverAndOver(request: LoadRequest): ReturnType<typeof connect> {
  const text = toText(request)
  // The benchmark's own request.
  const { id } = JSON.parse(request.body) as { readonly id: number }
  const callback = (length: number): boolean => {
    const bodyText = buffer.toString('utf8', buffer.indexOf('\r\n\r\n') + 4, length)
    const { id: answered, result } = JSON.parse(bodyText) as Answer
    if (answered !== id || !Array.isArray(result?.content) || result.isError === true) throw new Error(`answered: ${bodyText}`)
    calls++
    socket.write(text, 'latin1')
    return true
  }
  const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer, callback } })
  return socket.once('connect', () => socket.write(text, 'latin1'))
}

function toText({ headers, body }: LoadRequest): string {
  const fields = Object.entries({ host, connection: 'keep-alive', ...headers, 'content-length': String(body.length) })
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`)
  return [`POST ${pathname}${search} HTTP/1.1\r\n`, ...lines, '\r\n', body].join('')
}
