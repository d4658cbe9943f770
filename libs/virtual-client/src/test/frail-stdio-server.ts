// A server on standard streams that ends with its second call.
import { createInterface } from 'node:readline'

let calls = 0
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line) as { id?: unknown; method: string; params: { protocolVersion?: string } }
  if (id === undefined) return
  if (method === 'tools/call' && ++calls === 2) process.exit(1)
  const result =
    method === 'initialize' ? { protocolVersion: params.protocolVersion, capabilities: { tools: {} } } : { content: [] }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`)
})
