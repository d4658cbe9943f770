/* oxlint-disable typescript/no-deprecated -- the low-level server is used for reasons told in sdk-server.ts */
import {
  INTERNAL_ERROR,
  ProtocolError,
  ResourceNotFoundError,
  type CompleteResult,
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  type ReadResourceResult,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { mcpServerErrors } from '../errors.ts'
import { resourceTemplates } from '../resources/templates.ts'
import type { CallOutcome } from '../tool-result.ts'
import { rpcCodes, toCallReply } from './call-reply.ts'

/** Sends an operation the way of all calls. */
export type Ask = (operation: string, args: Readonly<Record<string, unknown>>, context: ServerContext) => Promise<CallOutcome>

/** Answers what clients ask of resources, in either era. */
export function addResourceHandlers(server: Server, ask: Ask): void {
  server.setRequestHandler('resources/list', async ({ params }, context) => {
    const result = toResult(await ask('resources/list', { cursor: params?.cursor }, context))
    // The operation's own schema made it what the protocol says; the SDK checks it again.
    return result as unknown as ListResourcesResult
  })
  server.setRequestHandler('resources/templates/list', () => {
    // The table is the protocol's own shape; only its read-only types differ.
    return { resourceTemplates } as unknown as ListResourceTemplatesResult
  })
  server.setRequestHandler('resources/read', async ({ params: { uri } }, context) => {
    return toResult(await ask('resources/read', { uri }, context), uri) as unknown as ReadResourceResult
  })
  server.setRequestHandler('completion/complete', async ({ params }, context) => {
    const { ref, argument, context: others } = params
    const isOurs = ref.type === 'ref/resource' && resourceTemplates.some(({ uriTemplate }) => uriTemplate === ref.uri)
    if (!isOurs)
      throw new ProtocolError(rpcCodes.invalidParams, 'Nothing can be completed but the names in the templates of resources.')
    const { database, schema } = others?.arguments ?? {}
    const args = { part: argument.name, value: argument.value, database, schema }
    return toResult(await ask('completion/complete', args, context)) as unknown as CompleteResult
  })
}

/** The result in an answer, or the protocol's error for what went wrong. */
function toResult(outcome: CallOutcome, uri = ''): Readonly<Record<string, unknown>> {
  const reply = toCallReply(outcome)
  if ('error' in reply) throw new ProtocolError(reply.error.code, reply.error.message, reply.error.data)
  const { structuredContent, content } = reply.result
  if (structuredContent !== undefined) return structuredContent
  const text = content[0]?.text ?? ''
  const code = outcome.kind === 'answered' ? outcome.code : undefined
  if (code === mcpServerErrors.MCP_NO_SUCH_OBJECT.code) throw new ResourceNotFoundError(uri, text)
  throw new ProtocolError(code === mcpServerErrors.MCP_BAD_ARGUMENTS.code ? rpcCodes.invalidParams : INTERNAL_ERROR, text)
}
