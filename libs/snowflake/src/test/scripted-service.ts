import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { SnowflakeOptions } from '../snowflake-options.ts'

/** What one request asked for. */
export interface Asked {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A reply as Snowflake's service would send it; `never` leaves the request open. */
export type Reply = Readonly<Record<string, unknown>> | 'never'

/**
 * Snowflake's service as seen over the wire, answering whatever a test says: for replies no sound service sends, which the embedded
 * Snowflake therefore never sends either.
 */
export class ScriptedService {
  readonly asked: Asked[] = []
  /** The reply to a statement; asked for each `query-request`. */
  onQuery: (sql: string) => Reply | Promise<Reply> = () => rowsReply([])
  onLogin: () => Reply = () => loginReply
  onAbort: () => Reply = () => ({ success: true, data: {} })
  onHeartbeat: () => Reply = () => ({ success: true, data: {} })
  onChunk: () => Reply = () => ({})
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  /** Starts listening; closed when the test ends. */
  async listen(): Promise<SnowflakeOptions> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    onTestFinished(() => this.close())
    const { port } = this.#server.address() as AddressInfo
    return {
      account: 'LOCAL',
      user: 'U',
      authenticator: 'SNOWFLAKE',
      password: 'secret-word',
      accessUrl: `http://127.0.0.1:${port}`,
    }
  }

  get url(): string {
    // It listens on a port, so its address is an object.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve))
  }

  /** The statements sent, in order. */
  get statements(): string[] {
    return this.asked.filter(({ path }) => path.includes('query-request')).map(({ body }) => String(body['sqlText']))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const path = request.url ?? ''
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
    this.asked.push({ path, body })
    const reply = await this.#replyTo(path, body)
    if (reply === 'never') return
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ code: null, message: null, ...reply }))
  }

  #replyTo(path: string, body: Readonly<Record<string, unknown>>): Reply | Promise<Reply> {
    if (path.includes('/login-request')) return this.onLogin()
    if (path.includes('/query-request')) return this.onQuery(String(body['sqlText']))
    if (path.includes('/abort-request')) return this.onAbort()
    if (path.includes('/chunk')) return this.onChunk()
    if (path.includes('/heartbeat')) return this.onHeartbeat()
    return { success: true, data: {} }
  }
}

const loginReply: Reply = {
  success: true,
  data: { token: 't', masterToken: 'm', validityInSeconds: 3_600, masterValidityInSeconds: 14_400, sessionId: 1, parameters: [] },
}

interface WireColumn {
  readonly name: string
  readonly type: string
  readonly precision?: number
  readonly scale?: number
}

export interface RowsReply {
  readonly columns?: readonly WireColumn[]
  readonly database?: string | null
  readonly schema?: string | null
  readonly role?: string
  readonly warehouse?: string
}

/** A sound reply with these rows. */
export function rowsReply(rows: readonly (readonly unknown[])[], options: RowsReply = {}): Reply {
  const { columns = [{ name: 'C', type: 'text' }], database = 'HOME', schema = 'PUBLIC', role = 'R', warehouse = 'W' } = options
  const rowtype = columns.map((column) => Object.assign({ precision: null, scale: null, nullable: true }, column))
  const finals = { finalDatabaseName: database, finalSchemaName: schema, finalRoleName: role, finalWarehouseName: warehouse }
  const size = { total: rows.length, returned: rows.length }
  const data = { parameters: [], rowtype, rowset: rows, queryId: 'q-1', version: 1, statementTypeId: 4_096, ...size, ...finals }
  return { success: true, data: { ...data, queryResultFormat: 'json' } }
}

/** A refusal as Snowflake words it. */
export function refusal(code: string, message: string, data: Readonly<Record<string, unknown>> = {}): Reply {
  return { success: false, code, message, data: { errorCode: code, queryId: 'q-1', ...data } }
}
