import type { ClientRequest, IncomingMessage } from 'node:http'
import { type ClientOptions, WebSocket } from 'ws'
import type { FailureCode } from '../call-outcome.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import { describeTlsFailure } from '../http/describe-tls-failure.ts'
import type { TlsOptions } from '../http/tls-options.ts'
import type { PendingCall } from '../pending-call.ts'
import { DuplexConnection } from '../rpc/duplex-connection.ts'
import { parseTarget } from '../target.ts'

export interface WebSocketOptions extends ConnectionOptions {
  /** Sent with the request that opens the socket: credentials, a user agent. */
  readonly headers: Readonly<Record<string, string>>
  /** Certificates and what else TLS needs, for wss. */
  readonly tls?: TlsOptions
  /** Of one message; 16 MiB unless told. */
  readonly largestMessageBytes?: number
}

interface Waiting {
  readonly text: string
  readonly call: PendingCall | undefined
}

// Leaving must not hold up the end of a run.
const leavingTimeoutMs = 1000
const usualLargestMessageBytes = 16 * 2 ** 20
const closedNormally = 1000
const closedWithoutFrame = 1006

/**
 * MCP over one WebSocket: a JSON-RPC message in each text frame, under the subprotocol `mcp`. The socket is the session.
 * No revision of MCP specifies this transport; it is what the official SDK's first line spoke, and gateways still do.
 */
export class WebSocketConnection extends DuplexConnection {
  readonly #options: WebSocketOptions
  readonly #url: URL
  /** What is to be said once the socket is open. */
  #waiting: Waiting[] = []
  #socket: WebSocket | undefined
  #closed: Promise<void> = Promise.resolve()
  #wasOpen = false
  #authorization: { readonly authorization?: string } = {}
  /** What broke the socket, where something did before its end. */
  #fault: { readonly code: FailureCode; readonly why: string } | undefined

  /**
   * Connects with the first message.
   * @param target the URL of the endpoint; `http` and `https` stand for `ws` and `wss`.
   * @throws CodedError `WIRE_BAD_TARGET` where it is none of them.
   */
  constructor(target: string, options: WebSocketOptions) {
    super(options)
    this.#options = options
    this.#url = parseTarget(target, ['ws:', 'wss:', 'http:', 'https:'])
  }

  /** Of use until the socket is open: nothing but the request that opens it carries headers. */
  override authorize(authorization: string): void {
    this.#authorization = { authorization }
  }

  async close(leaving: 'end-session' | 'abandon'): Promise<void> {
    this.calls.close()
    const socket = this.#socket
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return
    if (leaving === 'abandon' || socket.readyState === WebSocket.CONNECTING) socket.terminate()
    else socket.close(closedNormally)
    const { clock } = this.#options
    const patience = clock.at(clock.monotonicMs() + leavingTimeoutMs, () => socket.terminate())
    await this.#closed
    patience.cancel()
  }

  protected send(text: string, call: PendingCall | undefined): void {
    const message = { text, call }
    this.#socket ??= this.#connect()
    if (this.#socket.readyState === WebSocket.OPEN) this.#write(this.#socket, message)
    else this.#waiting.push(message)
  }

  #write(socket: WebSocket, { text, call }: Waiting): void {
    // Given up while the socket was being opened.
    if (call?.isSettled === true) return
    const frame = Buffer.from(text)
    this.calls.sent(frame.length, call)
    socket.send(frame, { binary: false })
    // A frame that was written is all there is to know of a notification.
    if (call?.id === undefined) call?.acknowledge()
  }

  #connect(): WebSocket {
    const { headers, tls = {}, largestMessageBytes: maxPayload = usualLargestMessageBytes } = this.#options
    const socket = new WebSocket(this.#url, 'mcp', {
      headers: { ...headers, ...this.#authorization },
      ...toSocketTls(tls),
      maxPayload,
      perMessageDeflate: false,
    })
    socket.on('open', () => {
      this.#wasOpen = true
      const waiting = this.#waiting
      this.#waiting = []
      for (const message of waiting) this.#write(socket, message)
    })
    socket.on('message', (data: Buffer, isBinary) => {
      this.calls.received(data.length)
      // A frame of bytes is no message; read as text that is no JSON, it is noted as such.
      this.calls.take(isBinary ? '' : data.toString(), data.length)
    })
    socket.on('unexpected-response', (request, response) => this.#refuse(request, response))
    socket.on('error', (error) => (this.#fault ??= toFault(error, this.#wasOpen)))
    this.#closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#end(code, reason.toString())
        resolve()
      })
    })
    return socket
  }

  #refuse(request: ClientRequest, { statusCode = 0 }: IncomingMessage): void {
    this.#fault = { code: `http.${statusCode}`, why: `the server answered with status ${statusCode}` }
    request.destroy()
    this.#socket?.terminate()
  }

  #end(code: number, reason: string): void {
    const told = reason === '' ? '' : `: ${reason.slice(0, 200)}`
    const { code: failure, why } = this.#fault ?? toClosing(code, told)
    this.#waiting = []
    this.calls.end(failure, why)
  }
}

/** The library wants lists that may be written to. */
function toSocketTls({ ca, serverName, ...same }: TlsOptions): ClientOptions {
  const authorities = ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }
  return { ...same, ...authorities, ...(serverName !== undefined && { servername: serverName }) }
}

function toClosing(code: number, told: string): { readonly code: FailureCode; readonly why: string } {
  if (code === closedWithoutFrame) return { code: 'transport.reset', why: 'the connection broke' }
  return { code: `ws.${code}`, why: `the server closed the socket with code ${code}${told}` }
}

/** The library gives its own codes to frames that break the rules: too long, no UTF-8, no frame at all. */
function toFault(
  error: Error & { readonly code?: string },
  wasOpen: boolean,
): { readonly code: FailureCode; readonly why: string } {
  const why = error.message === '' ? (error.code ?? 'the connection failed') : error.message
  const tls = wasOpen ? undefined : describeTlsFailure(error)
  if (tls !== undefined) return { code: 'transport.tls', why: tls }
  if (error.code?.startsWith('WS_ERR_') === true) return { code: 'protocol.bad_reply', why }
  return { code: wasOpen ? 'transport.reset' : 'transport.refused', why }
}
