/* oxlint-disable typescript/no-deprecated -- McpServer would check arguments itself, in its own words and with schemas made anew for
   each instance; and an initialize-era client's name is known in no other way */
import {
  LATEST_PROTOCOL_VERSION,
  ProtocolError,
  Server,
  SUPPORTED_PROTOCOL_VERSIONS,
  type CallToolResult,
  type InitializeResult,
  type ListToolsResult,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { Caller } from '../request-context.ts'
import type { ServerCore } from '../server-core.ts'
import { toCallReply, type ErrorReply } from './call-reply.ts'
import type { CallWatch } from './call-watch.ts'
import { clientNameOf } from './client-name.ts'
import { progressTokenOf, toBeat, toProgressNotification, type Progress } from './progress.ts'
import { addResourceHandlers } from './resource-handlers.ts'
import { traceparentOf } from './traceparent.ts'
import { instructions, type ServerInfo } from './server-info.ts'

/** How long a client may keep what changes only with the program, and what changes as an account does and is for one caller alone. */
const cacheHints = {
  'tools/list': { ttlMs: 3_600_000, cacheScope: 'public' },
  'resources/templates/list': { ttlMs: 3_600_000, cacheScope: 'public' },
  'resources/list': { ttlMs: 60_000, cacheScope: 'private' },
  'resources/read': { ttlMs: 60_000, cacheScope: 'private' },
} as const

/** Says who calls, given the name the client told the SDK. */
export type CallerOf = (clientName: string | undefined) => Caller

export interface SdkServerOptions {
  readonly core: ServerCore
  readonly watch: CallWatch
  readonly info: ServerInfo
  /** Told of what is answered with an error, before it is. */
  readonly onErrorReply?: (reply: ErrorReply) => void
}

const capabilities = { tools: {}, resources: {}, completions: {} }

/** What `initialize` is answered with; a version nobody here knows is answered with the newest of that era. */
export function toInitializeResult(_core: ServerCore, info: ServerInfo, requestedVersion: string): InitializeResult {
  const protocolVersion = SUPPORTED_PROTOCOL_VERSIONS.includes(requestedVersion) ? requestedVersion : LATEST_PROTOCOL_VERSION
  return { protocolVersion, capabilities, serverInfo: { ...info }, instructions }
}

/**
 * Makes a server of the official SDK that hands tool calls to the core. One serves one request or one connection, since the SDK
 * ties an instance to its transport; the tools' schemas are shared by all.
 */
export function createSdkServer({ core, watch, info, onErrorReply }: SdkServerOptions, callerOf: CallerOf): Server {
  const server = new Server({ ...info }, { capabilities, instructions, cacheHints })
  // Descriptors are the protocol's own shape; only their read-only types differ.
  const list = { tools: core.tools } as unknown as ListToolsResult
  server.setRequestHandler('tools/list', () => list)
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const progress = followProgress(watch, mcpReq)
    try {
      const { name: tool, arguments: args } = params
      const caller = callerOf(nameOfClient(server, mcpReq))
      const canceller = cancelledBy(mcpReq.signal)
      const traceparent = traceparentOf(mcpReq._meta)
      const reply = toCallReply(
        await core.call({ tool, arguments: args, caller, traceparent, canceller, onProgress: progress.report }),
      )
      if ('error' in reply) {
        onErrorReply?.(reply)
        throw new ProtocolError(reply.error.code, reply.error.message, reply.error.data)
      }
      return reply.result as unknown as CallToolResult
    } finally {
      progress.stop()
    }
  })
  addResourceHandlers(server, async (tool, args, { mcpReq }) => {
    const caller = callerOf(nameOfClient(server, mcpReq))
    const outcome = await core.ask({
      tool,
      arguments: args,
      caller,
      traceparent: traceparentOf(mcpReq._meta),
      canceller: cancelledBy(mcpReq.signal),
    })
    const reply = toCallReply(outcome)
    if ('error' in reply) onErrorReply?.(reply)
    return outcome
  })
  return server
}

function nameOfClient(server: Server, { envelope }: ServerContext['mcpReq']): string | undefined {
  return clientNameOf(envelope) ?? server.getClientVersion()?.name
}

function cancelledBy(signal: AbortSignal): AbortController {
  const canceller = new AbortController()
  if (signal.aborted) canceller.abort(signal.reason)
  else signal.addEventListener('abort', () => canceller.abort(signal.reason), { once: true })
  return canceller
}

interface FollowedProgress {
  /** What the tool itself says; absent where the client does not ask. */
  readonly report: ((progress: Progress) => void) | undefined
  readonly stop: () => void
}

/** Tells a client that asked for progress what the tool says of it, or else once a second that the call still runs. */
function followProgress(watch: CallWatch, mcpReq: ServerContext['mcpReq']): FollowedProgress {
  const token = progressTokenOf(mcpReq._meta)
  if (token === undefined) return { report: undefined, stop: () => undefined }
  let hasReported = false
  const send = (progress: Progress): void => {
    // Detached: a client that went away is noticed by the call itself.
    mcpReq.notify(toProgressNotification(token, progress)).catch(() => undefined)
  }
  const stop = watch.start((elapsedMs) => {
    if (!hasReported) send(toBeat(elapsedMs))
  })
  const report = (progress: Progress): void => {
    hasReported = true
    send(progress)
  }
  return { report, stop }
}
