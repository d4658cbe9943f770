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
export function requestText({ method, paramsJson }: McpRequest, id: RequestId, metaJson: string | undefined): string {
  const params = metaJson === undefined ? paramsJson : withMeta(paramsJson, metaJson)
  return `{"jsonrpc":"2.0","id":${typeof id === 'number' ? id : JSON.stringify(id)},"method":"${method}","params":${params}}`
}

export const notificationText = (method: string, paramsJson: string): string =>
  `{"jsonrpc":"2.0","method":"${method}","params":${paramsJson}}`

function withMeta(paramsJson: string, metaJson: string): string {
  return paramsJson === '{}' ? `{"_meta":${metaJson}}` : `${paramsJson.slice(0, -1)},"_meta":${metaJson}}`
}

/** The handshake's first request, for `legacy` dialects. */
export function initializeRequest({ clientInfo, capabilities }: ClientIdentity, { protocolVersion }: Dialect): McpRequest {
  return { method: 'initialize', paramsJson: JSON.stringify({ protocolVersion, capabilities, clientInfo }) }
}
