import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface OAuthServerOptions {
  /** In seconds; not told to the client where undefined. */
  readonly lifetimeSeconds?: number
  /** How a request for a token is answered instead, by its number. */
  readonly fault?: (request: number) => { readonly status: number; readonly body: string } | 'hang' | undefined
  /** What the metadata of the protected resource say, where they lie at all. */
  readonly resourceMetadata?: (origin: string) => Readonly<Record<string, object>>
  readonly methods?: readonly string[]
  /** Whether tokens given so far are refused by the MCP endpoint. */
  readonly refuses?: (token: string) => boolean
}

/**
 * An authorization server and the MCP endpoint it guards, on one port: tokens are counted up, and only those it gave are
 * let in. Its one client is `load` with the secret `p%ss wörd`.
 */
export class OAuthServer implements AsyncDisposable {
  readonly tokenRequests: { readonly authorization: string | undefined; readonly form: URLSearchParams }[] = []
  readonly paths: string[] = []
  /** The credentials of every request to the MCP endpoint. */
  readonly presented: (string | undefined)[] = []
  readonly #tokens = new Set<string>()
  readonly #options: OAuthServerOptions
  readonly #server = createServer((request, response) => void this.#handle(request, response))

  private constructor(options: OAuthServerOptions) {
    this.#options = options
  }

  static async start(options: OAuthServerOptions = {}): Promise<OAuthServer> {
    const server = new OAuthServer(options)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get origin(): string {
    // A listening server of TCP has such an address.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get url(): string {
    return `${this.origin}/mcp`
  }

  /** From now on no token given so far is let in. */
  revokeAll(): void {
    this.#tokens.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '/', method, headers } = request
    const body = await text(request)
    this.paths.push(`${method} ${path}`)
    if (path === '/token') return this.#giveToken(headers.authorization, new URLSearchParams(body), response)
    if (path === '/mcp' && method === 'POST') return this.#serve(headers.authorization, body, response)
    const document = this.#metadata()[path]
    answer(response, document === undefined ? 404 : 200, document ?? {})
  }

  #metadata(): Readonly<Record<string, object>> {
    const { methods = ['client_secret_basic'], resourceMetadata } = this.#options
    const issuer = this.origin
    const server = { issuer, token_endpoint: `${issuer}/token`, token_endpoint_auth_methods_supported: methods }
    const resource = { resource: this.url, authorization_servers: [issuer] }
    return {
      '/.well-known/oauth-authorization-server': server,
      ...(resourceMetadata?.(issuer) ?? { '/.well-known/oauth-protected-resource/mcp': resource }),
    }
  }

  #giveToken(authorization: string | undefined, form: URLSearchParams, response: ServerResponse): void {
    this.tokenRequests.push({ authorization, form })
    const fault = this.#options.fault?.(this.tokenRequests.length)
    if (fault === 'hang') return
    if (fault) return void response.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.body)
    const basic = Buffer.from(`load:${encodeURIComponent(secret)}`).toString('base64')
    const isProven = authorization === `Basic ${basic}` || form.get('client_secret') === secret
    if (!isProven) return answer(response, 401, { error: 'invalid_client', error_description: `not ${String(authorization)}` })
    const token = `token-${this.tokenRequests.length}`
    this.#tokens.add(token)
    const { lifetimeSeconds: expires_in } = this.#options
    answer(response, 200, { access_token: token, token_type: 'Bearer', ...(expires_in !== undefined && { expires_in }) })
  }

  #serve(authorization: string | undefined, body: string, response: ServerResponse): void {
    this.presented.push(authorization)
    const token = authorization?.replace('Bearer ', '') ?? ''
    if (!this.#tokens.has(token) || this.#options.refuses?.(token) === true)
      return answer(response, 401, { error: 'invalid_token' })
    const { id } = JSON.parse(body) as { readonly id?: unknown }
    if (id === undefined) return void response.writeHead(202).end()
    answer(response, 200, { jsonrpc: '2.0', id, result: { content: [] } })
  }
}

export const secret = 'p%ss wörd'

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
