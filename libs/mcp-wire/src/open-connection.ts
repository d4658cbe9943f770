import { CodedError } from '@squall/errors'
import { AnsweringConnection } from './answers/answering-connection.ts'
import { AuthorizedConnection } from './auth/authorized-connection.ts'
import type { ClientCredentials } from './auth/client-credentials.ts'
import { mcpWireErrors } from './errors.ts'
import { type LegacySseOptions, LegacySseConnection } from './legacy-sse/legacy-sse-connection.ts'
import type { McpConnection } from './mcp-connection.ts'
import { StdioConnection } from './stdio/stdio-connection.ts'
import { StreamableHttpConnection, type StreamableHttpOptions } from './streamable-http.ts'
import { WebSocketConnection, type WebSocketOptions } from './websocket/websocket-connection.ts'

/** Everything any transport may want to know; each takes what concerns it. */
export type ConnectionSettings = StreamableHttpOptions &
  LegacySseOptions &
  WebSocketOptions & {
    /** Where access tokens come from; none are sent unless given. */
    readonly credentials?: ClientCredentials
  }

type Opener = (target: string, settings: ConnectionSettings) => McpConnection

const openers = {
  'streamable-http': (target, settings) => new StreamableHttpConnection(target, settings),
  websocket: openWebSocket,
  stdio: (target, settings) => new StdioConnection(target, settings),
  sse: (target, settings) => new LegacySseConnection(target, settings),
} satisfies Readonly<Record<string, Opener>>

function openWebSocket(target: string, settings: ConnectionSettings): McpConnection {
  if (settings.proxyUrl === undefined) return new WebSocketConnection(target, settings)
  throw new CodedError(mcpWireErrors.WIRE_NO_PROXY, { message: 'WebSockets do not go through a proxy here' })
}

/** A transport by the name it has in packs. */
export type TransportName = keyof typeof openers

// Object.keys forgets the names; they are those of the table by construction.
export const transportNames = Object.keys(openers) as [TransportName, ...TransportName[]]

/**
 * Makes a client's line to a server; what travels by network connects with the first message.
 * @param target a URL, or a command line where the transport is `stdio`.
 * @throws CodedError `WIRE_BAD_TARGET` where the transport cannot connect to the target, `WIRE_NO_PROXY` where not by a proxy.
 */
export function openConnection(transport: TransportName, target: string, settings: ConnectionSettings): McpConnection {
  const { answers, credentials, identity, clock } = settings
  const bare = openers[transport](target, settings)
  // What is not asked for costs no call anything.
  const answering = answers === undefined ? bare : new AnsweringConnection(bare, identity, answers)
  return credentials === undefined ? answering : new AuthorizedConnection(answering, credentials, clock)
}
