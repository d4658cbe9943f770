import type { ClientIdentity, Dialect, McpRequest, RequestId } from '../mcp-connection.ts'

/** The JSON of what every modern request says about its sender. Source: MCP 2026-07-28, "Request metadata". */
export function modernMetaJson({ clientInfo, capabilities }: ClientIdentity, protocolVersion: string): string {
  return JSON.stringify({
    'io.modelcontextprotocol/protocolVersion': protocolVersion,
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  })
}

export interface RequestBody {
  readonly text: string
  /** In UTF-8. */
  readonly bytes: number
}

/** The text of a request, put together from parts that were serialised before. */
export const requestText = (request: McpRequest, id: RequestId, metaJson: string | undefined): string =>
  requestBody(request, id, metaJson).text

/** As `requestText`; the size is known without looking at all of the text. */
export function requestBody(request: McpRequest, id: RequestId, metaJson: string | undefined): RequestBody {
  const idJson = typeof id === 'number' ? String(id) : JSON.stringify(id)
  if (request.wantsProgress === true) {
    const text = beginning + idJson + endOf(request, withMember(metaJson ?? '{}', `"progressToken":${idJson}`))
    return { text, bytes: Buffer.byteLength(text) }
  }
  if (request !== lastRequest || metaJson !== lastMetaJson) {
    lastRequest = request
    lastMetaJson = metaJson
    lastEnd = endOf(request, metaJson)
    lastEndBytes = Buffer.byteLength(lastEnd)
  }
  const idBytes = typeof id === 'number' ? idJson.length : Buffer.byteLength(idJson)
  return { text: beginning + idJson + lastEnd, bytes: beginning.length + idBytes + lastEndBytes }
}

const beginning = '{"jsonrpc":"2.0","id":'
/** Many clients send one and the same request over and over. */
let lastRequest: McpRequest | undefined
let lastMetaJson: string | undefined
let lastEnd = ''
let lastEndBytes = 0

/** What stands behind the id. */
function endOf({ method, paramsJson }: McpRequest, metaJson: string | undefined): string {
  const params = metaJson === undefined ? paramsJson : withMember(paramsJson, `"_meta":${metaJson}`)
  return `,"method":"${method}","params":${params}}`
}

export const notificationText = (method: string, paramsJson: string): string =>
  `{"jsonrpc":"2.0","method":"${method}","params":${paramsJson}}`

/** A JSON object's text with one more member. */
export function withMember(objectJson: string, member: string): string {
  return objectJson === '{}' ? `{${member}}` : `${objectJson.slice(0, -1)},${member}}`
}

/** The handshake's first request, for `legacy` dialects. */
export function initializeRequest({ clientInfo, capabilities }: ClientIdentity, { protocolVersion }: Dialect): McpRequest {
  return { method: 'initialize', paramsJson: JSON.stringify({ protocolVersion, capabilities, clientInfo }) }
}

/**
 * Asks for the changes of lists, and of the resources with the given URIs.
 * Source: MCP 2026-07-28, "Subscriptions".
 */
export function listenRequest(resources: readonly string[]): McpRequest {
  const lists = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true }
  const notifications = resources.length === 0 ? lists : { ...lists, resourceSubscriptions: resources }
  return { method: 'subscriptions/listen', paramsJson: JSON.stringify({ notifications }) }
}
