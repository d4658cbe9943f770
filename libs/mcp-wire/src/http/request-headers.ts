import type { McpRequest } from '../mcp-connection.ts'
import type { ToolHeaders } from './tool-headers.ts'
import { headerText } from './header-text.ts'

export interface HeaderFacts {
  readonly headers: Readonly<Record<string, string>>
  /** Absent before `initialize`, and where the client does not send it back. */
  readonly sessionId: string | undefined
  /** Absent before `initialize`, and where the client does not name it. */
  readonly version: string | undefined
}

/** The headers of every request until the session changes, as names and values in turn. */
export interface HeaderSet {
  readonly post: readonly string[]
  readonly stream: readonly string[]
  readonly other: readonly string[]
}

/** Source: MCP 2025-11-25, "Streamable HTTP": both answer types are accepted on every POST. */
export function toHeaderSet({ headers, sessionId, version }: HeaderFacts): HeaderSet {
  const session = sessionId === undefined ? [] : ['mcp-session-id', sessionId]
  const agreed = version === undefined ? [] : ['mcp-protocol-version', version]
  // Every client keeps all three. Unlike `push` and a spread, `concat` makes them no larger than they are.
  const other = Object.entries(headers).flat().concat(session, agreed)
  return { post: postHeaders.concat(other), stream: streamHeaders.concat(other), other }
}

const postHeaders = ['content-type', 'application/json', 'accept', 'application/json, text/event-stream']
const streamHeaders = ['accept', 'text/event-stream']

/** What the modern era adds for each request. */
export function modernHeaders(request: McpRequest, toolHeaders?: ToolHeaders): readonly string[] {
  const { method, name } = request
  const own = name === undefined ? ['mcp-method', method] : ['mcp-method', method, 'mcp-name', headerText(name)]
  const mirrored = toolHeaders?.headersFor(request)
  return mirrored === undefined ? own : [...own, ...mirrored]
}
