import type { ClientKind } from './client-kind.ts'
import { httpClient } from './http-client.ts'

/** The same program over a WebSocket, which the specification never had but servers offer. */
export const websocketClient: ClientKind = {
  ...httpClient,
  name: 'websocket_client',
  source: 'a program of one’s own over one WebSocket, on which any number of calls may be under way',
  transport: 'websocket',
}
