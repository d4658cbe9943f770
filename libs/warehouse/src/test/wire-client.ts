// Speaks the protocol by hand, for what the driver hides: raw replies, codes, repeated request ids.
import { randomUUID } from 'node:crypto'
import { testUser } from './driver.ts'

export interface Reply {
  readonly success: boolean
  readonly code: string | null
  readonly message: string | null
  readonly data: Readonly<Record<string, unknown>>
}

export class WireClient {
  readonly #url: string
  sessionToken = ''
  masterToken = ''

  constructor(url: string) {
    this.#url = url
  }

  /** Signs in and remembers the tokens. */
  async logIn(data: Record<string, unknown> = {}, query = ''): Promise<Reply> {
    const credentials = { ACCOUNT_NAME: 'LOCAL', LOGIN_NAME: testUser.name, PASSWORD: testUser.password }
    const reply = await this.post(`/session/v1/login-request?requestId=1${query}`, { data: { ...credentials, ...data } }, '')
    this.sessionToken = String(reply.data?.['token'])
    this.masterToken = String(reply.data?.['masterToken'])
    return reply
  }

  /** Renews the tokens. */
  async renew(masterToken: string = this.masterToken): Promise<Reply> {
    const reply = await this.post(
      '/session/token-request',
      { requestType: 'RENEW', oldSessionToken: this.sessionToken },
      masterToken,
    )
    if (reply.success) this.sessionToken = String(reply.data['sessionToken'])
    return reply
  }

  query(sqlText: string, options: { readonly requestId?: string } & Record<string, unknown> = {}): Promise<Reply> {
    const { requestId = randomUUID(), ...body } = options
    return this.post(`/queries/v1/query-request?requestId=${requestId}`, { sqlText, ...body })
  }

  async post(path: string, body?: unknown, token = this.sessionToken): Promise<Reply> {
    const headers = { authorization: `Snowflake Token="${token}"`, 'content-type': 'application/json' }
    const response = await fetch(this.#url + path, {
      method: 'POST',
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await response.json()) as Reply
  }

  async get(path: string): Promise<Reply> {
    const response = await fetch(this.#url + path, { headers: { authorization: `Snowflake Token="${this.sessionToken}"` } })
    return (await response.json()) as Reply
  }
}
