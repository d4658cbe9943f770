import { detectClientType } from '@squall/session'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refusalHeaders, rpcCodes, toCallReply, type JsonRpcError } from '../../protocol/call-reply.ts'
import { isObject } from '../../protocol/is-object.ts'
import { parseJson } from '../../protocol/parse-json.ts'
import { traceparentOf } from '../../protocol/traceparent.ts'
import type { Caller } from '../../request-context.ts'
import type { ServerCore } from '../../server-core.ts'
import { authenticateRequests } from '../http/access-hook.ts'

/**
 * The HTTP interface of the original server, for scripts that speak no MCP: `GET /mcp/tools` lists the tools, and
 * `POST /mcp/tools/call` calls one. A reply has either `result` or `error`.
 */
export function restEndpoints(core: ServerCore, onError: (error: Error) => void): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.setErrorHandler((error: FastifyError, _request, reply) => {
      const { status, body } = toRpcError(error, onError)
      sendError(reply, status, body, null)
    })
    app.setNotFoundHandler((request, reply) =>
      sendError(reply, 404, { code: rpcCodes.server, message: `Not Found: ${request.method} ${request.url}` }, null),
    )
    app.removeContentTypeParser('application/json')
    app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, text: string) => {
      try {
        return parseJson(text)
      } catch (error) {
        throw Object.assign(new Error((error as Error).message), { statusCode: 400 })
      }
    })
    const onRequest = authenticateRequests(core.access)
    app.get('/mcp/tools', { onRequest }, (_request, reply) => void reply.send({ tools: core.tools }))
    app.post('/mcp/tools/call', { onRequest }, (request, reply) => callTool(core, request, reply))
  }
}

async function callTool(core: ServerCore, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const call = readCall(request.body)
  if ('error' in call) return sendError(reply, 400, call.error, call.id)
  const canceller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) canceller.abort(new Error('the client went away'))
  })
  const { traceparent: header } = request.headers
  const traceparent = traceparentOf(undefined, typeof header === 'string' ? header : undefined)
  const outcome = toCallReply(await core.call({ ...call, caller: callerOf(request), traceparent, canceller }))
  if ('result' in outcome) return void reply.send({ jsonrpc: '2.0', id: call.id, result: outcome.result })
  void reply.headers(refusalHeaders(outcome))
  sendError(reply, outcome.httpStatus, outcome.error, call.id)
}

function callerOf(request: FastifyRequest): Caller {
  const clientType = detectClientType({ userAgent: request.headers['user-agent'], transport: 'http' })
  return { transport: 'rest', clientType, remoteAddress: request.ip, principal: request.principal }
}

type Id = string | number | null

interface RestCall {
  readonly id: Id
  readonly tool: string
  readonly arguments: unknown
}

/** The tool is the method and its arguments are the params; a `tools/call` of MCP is understood as well. */
function readCall(body: unknown): RestCall | { readonly error: JsonRpcError; readonly id: Id } {
  if (!isObject(body)) return invalid('the body must be a JSON object with method and params', null)
  const { jsonrpc, id = null, method, params } = body
  if (id !== null && typeof id !== 'string' && typeof id !== 'number') return invalid('id must be text, a number or null', null)
  if (jsonrpc !== undefined && jsonrpc !== '2.0') return invalid('jsonrpc must be "2.0"', id)
  if (typeof method !== 'string') return invalid('method must name a tool', id)
  if (params !== undefined && params !== null && !isObject(params)) return invalid('params must be an object', id)
  if (method !== 'tools/call') return { id, tool: method, arguments: params ?? undefined }
  const { name, arguments: args } = params ?? {}
  if (typeof name !== 'string') return invalid('params.name must name a tool', id)
  if (args !== undefined && !isObject(args)) return invalid('params.arguments must be an object', id)
  return { id, tool: name, arguments: args }
}

function invalid(reason: string, id: Id): { readonly error: JsonRpcError; readonly id: Id } {
  return { error: { code: rpcCodes.invalidRequest, message: `Invalid Request: ${reason}` }, id }
}

function sendError(reply: FastifyReply, status: number, error: JsonRpcError, id: Id): void {
  void reply.code(status).send({ jsonrpc: '2.0', error, id })
}

/** What Fastify refuses before a request can be read; anything else is a bug and says no more than that. */
function toRpcError(error: FastifyError, onError: (error: Error) => void): { status: number; body: JsonRpcError } {
  const status = error.statusCode ?? 500
  if (status === 400) return { status, body: { code: rpcCodes.parse, message: `Parse error: ${error.message}` } }
  if (status < 500) return { status, body: { code: rpcCodes.server, message: error.message } }
  onError(error)
  return { status: 500, body: { code: rpcCodes.internal, message: 'Internal error' } }
}
