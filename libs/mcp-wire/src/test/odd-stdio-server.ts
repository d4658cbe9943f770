// A server on standard streams that does what its requests' method says, rightly or wrongly.
import { createInterface } from 'node:readline'

const say = (message: object): void => void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

const doings: Readonly<Record<string, (id: unknown) => void>> = {
  ping: (id) => say({ id, result: {} }),
  'test/ask': (id) => {
    say({ id: 'q', method: 'roots/list' })
    asking = id
  },
  'test/astray': (id) => {
    process.stdout.write('starting up\n\n')
    say({ id: 'nobody', result: {} })
    say({ method: 'notifications/message', params: {} })
    say({ id, result: {} })
  },
  'test/exit': () => process.exit(3),
  'test/hang': () => undefined,
  'test/cancelled': (id) => say({ id, result: { cancelled } }),
  'test/latin1': (id) =>
    void process.stdout.write(Buffer.from(`{"jsonrpc":"2.0","id":${Number(id)},"result":{"text":"\u00e9"}}\n`, 'latin1')),
  'test/flood': () => void process.stdout.write('x'.repeat(100_000)),
  'test/deaf': (id) => {
    process.on('SIGTERM', () => undefined)
    setInterval(() => undefined, 1000)
    say({ id, result: { pid: process.pid } })
  },
}
let asking: unknown
const cancelled: unknown[] = []

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result } = JSON.parse(line) as { id: unknown; method?: string; params: unknown; result: unknown }
  if (method === 'notifications/cancelled') cancelled.push((params as { requestId: unknown }).requestId)
  else if (method === undefined) say({ id: asking, result: { heard: result } })
  else doings[method]?.(id)
})
