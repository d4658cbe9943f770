// The target of the generator benchmark: an MCP server on bare node:http that does as little as one can.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { exitCodes } from '@squall/errors'
import { runProgram } from '@squall/program'

interface Message {
  readonly id?: string | number
  readonly method: string
  readonly params?: { readonly protocolVersion?: string; readonly arguments?: { readonly text?: string } }
}

/** With its envelope around it, an answer of about 1.3 KB. */
const echoedCharacters = 1230
const json = { 'content-type': 'application/json' }

await runProgram(async ({ ready, stopping }) => {
  const server = createServer((request, response) => {
    readMessage(request, (message) => answer(message, response))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the target does not listen on a port')
  const url = `http://127.0.0.1:${address.port}/mcp`
  ready(`echo target listening on ${url}`, { url })
  await once(stopping, 'abort')
  server.closeAllConnections()
  return exitCodes.ok
})

function readMessage(request: IncomingMessage, take: (message: Message | undefined) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => void chunks.push(chunk))
  request.on('end', () => {
    // Its only clients are the benchmark's own, which send well-formed messages, and none with DELETE.
    take(request.method === 'POST' ? (JSON.parse(Buffer.concat(chunks).toString()) as Message) : undefined)
  })
}

function answer(message: Message | undefined, response: ServerResponse): void {
  if (message === undefined) return void response.writeHead(405).end()
  if (message.id === undefined) return void response.writeHead(202).end()
  response.writeHead(200, json).end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result: resultOf(message) }))
}

function resultOf({ method, params }: Message): object {
  if (method === 'tools/call')
    return { content: [{ type: 'text', text: (params?.arguments?.text ?? '').padEnd(echoedCharacters, '.') }] }
  const serverInfo = { name: 'echo-target', version: '1.0.0' }
  return { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo }
}
