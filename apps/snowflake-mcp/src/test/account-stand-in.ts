// What stands in for an account with many users: it lets everybody in, and answers each statement with who asked it.
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

interface SignedIn {
  /** The user, or for a token the token. */
  readonly who: string
  readonly role: string
  readonly session: number
}

export interface AccountStandIn extends AsyncDisposable {
  readonly url: string
  /** Who signed in, in order. */
  readonly signIns: readonly SignedIn[]
  /** Ends all sessions, as Snowflake does when master tokens expire. */
  expireAll(): void
}

export async function startAccount(): Promise<AccountStandIn> {
  const signIns: SignedIn[] = []
  let expiredUpTo = 0
  const answer = async (request: IncomingMessage): Promise<object> => {
    const url = new URL(request.url ?? '', 'http://stand-in')
    const body = await readJson(request)
    if (url.pathname === '/api/v2/cortex/analyst/message') {
      const text = `asked by ${request.headers.authorization}, role ${String(request.headers['x-snowflake-role'] ?? '')}`
      return { message: { content: [{ type: 'text', text }] } }
    }
    if (url.pathname.endsWith('/login-request')) {
      const { LOGIN_NAME = '', TOKEN = '', AUTHENTICATOR = '' } = (body['data'] ?? {}) as Record<string, string>
      const isToken = AUTHENTICATOR === 'OAUTH' || AUTHENTICATOR === 'PROGRAMMATIC_ACCESS_TOKEN'
      if (TOKEN === 'refused') return { success: false, code: '390303', message: 'Invalid OAuth access token.', data: {} }
      const one = { who: isToken ? TOKEN : LOGIN_NAME, role: url.searchParams.get('roleName') ?? '', session: signIns.length + 1 }
      signIns.push(one)
      return { success: true, data: loginData(one) }
    }
    if (!url.pathname.endsWith('/query-request')) return { success: true, data: {} }
    const session = Number(/Token="session-(\d+)"/.exec(request.headers.authorization ?? '')?.[1])
    if (session <= expiredUpTo) return { success: false, code: '390114', message: 'Authentication token has expired.', data: {} }
    const one = signIns[session - 1]
    return { success: true, data: rowOf(one?.who ?? '', one?.role ?? '') }
  }
  const server = createServer((request, response) => {
    const replied = answer(request).then((reply) => JSON.stringify({ code: null, message: null, ...reply }))
    void replied.then((text) => response.setHeader('content-type', 'application/json').end(text))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    // It listens on a port, so its address is an object.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    signIns,
    expireAll: () => (expiredUpTo = signIns.length),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  // The driver sends objects.
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

function loginData({ session }: SignedIn): object {
  const token = `session-${session}`
  const lives = { validityInSeconds: 3600, masterValidityInSeconds: 14_400 }
  return { token, masterToken: `master-${session}`, sessionId: session, parameters: [], ...lives }
}

const column = (name: string): object => ({ name, type: 'text', precision: null, scale: null, nullable: true })

function rowOf(who: string, role: string): object {
  const place = { finalDatabaseName: 'D', finalSchemaName: 'S', finalRoleName: role, finalWarehouseName: 'W' }
  const size = { total: 1, returned: 1, version: 1, statementTypeId: 4096, queryResultFormat: 'json' }
  return { parameters: [], rowtype: [column('WHO'), column('ROLE')], rowset: [[who, role]], queryId: 'q-1', ...size, ...place }
}
