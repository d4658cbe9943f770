// The target of the generator benchmarks: an MCP server on bare sockets that does as little as one can.
// Its URL says how it answers: `/mcp?reply=sse&bytes=1300&era=modern&sessions=1`.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { exitCodes } from '@squall/errors'
import { runProgram } from '@squall/program'
import { answerRequests, type HttpRequest } from './http-requests.ts'
import { toManner, type Manner } from './target-manner.ts'

interface Message {
  readonly id?: string | number
  readonly method: string
  readonly params?: { readonly protocolVersion?: string }
}

const counts = { sessions: 0, streams: 0, calls: 0 }
const manners = new Map<string, Manner>()
const [keyFile, certificateFile] = process.argv.slice(2)

await runProgram(async ({ ready, stopping }) => {
  const sockets = new Set<Socket>()
  const server = listener((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
    answerRequests(socket, answer)
  })
  // All of 127.0.0.x: past some ten thousand connections to one address, connecting becomes a search for a free port.
  await once(server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the target does not listen on a port')
  const url = `${keyFile === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}/mcp`
  ready(`echo target listening on ${url}`, { url })
  await once(stopping, 'abort')
  for (const socket of sockets) socket.destroy()
  return exitCodes.ok
})

function listener(serve: (socket: Socket) => void): Server {
  if (keyFile === undefined || certificateFile === undefined) return createServer(serve)
  return createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) }, serve)
}

function answer({ verb, path, body }: HttpRequest): string {
  const manner = mannerOf(path)
  if (verb === 'POST') return answerMessage(manner, body)
  if (verb === 'DELETE') return manner.empty(200)
  if (path.startsWith('/counts')) return manner.json(JSON.stringify(counts))
  if (!manner.hasSessions) return manner.empty(405)
  counts.streams++
  return manner.openStream()
}

function answerMessage(manner: Manner, body: string): string {
  // Its only clients are the benchmark's own, which send well-formed messages.
  const { id, method, params } = JSON.parse(body) as Message
  if (id === undefined) return manner.empty(202)
  const idJson = JSON.stringify(id)
  if (method === 'tools/call') {
    counts.calls++
    return manner.toolResult(idJson)
  }
  if (method === 'initialize') return manner.initialized(idJson, params?.protocolVersion ?? '', ++counts.sessions)
  return manner.json(`{"jsonrpc":"2.0","id":${idJson},"result":{"tools":[]}}`)
}

function mannerOf(path: string): Manner {
  const manner = manners.get(path) ?? toManner(path)
  manners.set(path, manner)
  return manner
}
