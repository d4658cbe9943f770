// A server on standard streams with one tool that reads.
import { createInterface } from 'node:readline'

interface Message {
  readonly id?: number
  readonly method: string
  readonly params?: { readonly protocolVersion?: string }
}

const serverInfo = { name: 'shelf', version: '1' }

const results: Readonly<Record<string, (message: Message) => object>> = {
  initialize: ({ params }) => ({ protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo }),
  'tools/list': () => ({ tools: [{ name: 'list_books', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }] }),
  'tools/call': () => ({ content: [{ type: 'text', text: 'none' }] }),
}

createInterface({ input: process.stdin }).on('line', (line) => {
  // The client under test writes nothing else.
  const message = JSON.parse(line) as Message
  const result = results[message.method]?.(message) ?? {}
  if (message.id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, result })}\n`)
})
