import type { ClientIdentity, Dialect, McpRequest, RequestId } from '../mcp-connection.ts'

/** The JSON of what every modern request says about its sender. Source: MCP 2026-07-28, "Request metadata". */
export function modernMetaJson({ clientInfo, capabilities }: ClientIdentity, protocolVersion: string): string {
  return JSON.stringify({
    'io.modelcontextprotocol/protocolVersion': protocolVersion,
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  })
}

/** The text of a request, put together from parts that were serialised before. */
export function requestText(request: McpRequest, id: RequestId, metaJson: string | undefined): string {
  const { method, paramsJson } = request
  const idJson = typeof id === 'number' ? id : JSON.stringify(id)
  const meta = request.wantsProgress === true ? withMember(metaJson ?? '{}', `"progressToken":${idJson}`) : metaJson
  const params = meta === undefined ? paramsJson : withMember(paramsJson, `"_meta":${meta}`)
  return `{"jsonrpc":"2.0","id":${idJson},"method":"${method}","params":${params}}`
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
