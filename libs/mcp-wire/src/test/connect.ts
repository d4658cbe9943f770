import { systemClock } from '@squall/time'
import {
  type ClientIdentity,
  type Dialect,
  initializeRequest,
  type McpRequest,
  modernVersion,
  newestLegacyVersion,
  StreamableHttpConnection,
  type StreamableHttpOptions,
} from '../index.ts'

export const legacy: Dialect = { era: 'legacy', protocolVersion: newestLegacyVersion }
export const modern: Dialect = { era: 'modern', protocolVersion: modernVersion }
export const identity: ClientIdentity = { clientInfo: { name: 'test', version: '1' }, capabilities: { roots: {} } }
export const echo: McpRequest = { method: 'tools/call', name: 'echo', paramsJson: '{"name":"echo","arguments":{"text":"hi"}}' }
export const never: AbortSignal = new AbortController().signal

/** A connection that gives up its sockets at the end of the test's block. */
export class TestConnection extends StreamableHttpConnection implements AsyncDisposable {
  constructor(url: string, options: Partial<StreamableHttpOptions> = {}) {
    super(url, {
      clock: systemClock,
      identity,
      dialect: legacy,
      headers: {},
      requestTimeoutMs: 5000,
      firstRequestId: 0,
      keepAlive: true,
      echoesSession: true,
      sendsVersionHeader: true,
      ...options,
    })
  }

  /** The legacy handshake. */
  async open(): Promise<this> {
    await this.request(initializeRequest(identity, this.dialect), never)
    await this.notify('notifications/initialized', '{}', never)
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close('abandon')
  }
}
