import { type LegacySseOptions, LegacySseConnection } from './legacy-sse/legacy-sse-connection.ts'
import type { McpConnection } from './mcp-connection.ts'
import { StdioConnection } from './stdio/stdio-connection.ts'
import { StreamableHttpConnection, type StreamableHttpOptions } from './streamable-http.ts'
import { WebSocketConnection, type WebSocketOptions } from './websocket/websocket-connection.ts'

/** Everything any transport may want to know; each takes what concerns it. */
export type ConnectionSettings = StreamableHttpOptions & LegacySseOptions & WebSocketOptions

type Opener = (target: string, settings: ConnectionSettings) => McpConnection

const openers = {
  'streamable-http': (target, settings) => new StreamableHttpConnection(target, settings),
  websocket: (target, settings) => new WebSocketConnection(target, settings),
  stdio: (target, settings) => new StdioConnection(target, settings),
  sse: (target, settings) => new LegacySseConnection(target, settings),
} satisfies Readonly<Record<string, Opener>>

/** A transport by the name it has in packs. */
export type TransportName = keyof typeof openers

// Object.keys forgets the names; they are those of the table by construction.
export const transportNames = Object.keys(openers) as [TransportName, ...TransportName[]]

/**
 * Makes a client's line to a server; what travels by network connects with the first message.
 * @param target a URL, or a command line where the transport is `stdio`.
 * @throws CodedError `WIRE_BAD_TARGET` where the transport cannot connect to the target.
 */
export function openConnection(transport: TransportName, target: string, settings: ConnectionSettings): McpConnection {
  return openers[transport](target, settings)
}
