import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ParameterValue, SessionInit } from '../../engine/engine.ts'
import { toSuccess, type Envelope } from '../replies/envelope.ts'
import { toNamedParameters } from '../replies/session-parameters.ts'
import type { TokenPair } from '../sessions/session-registry.ts'
import type { WireSession } from '../sessions/wire-session.ts'
import { endSession, type WireParts } from '../wire-parts.ts'

const text = z.string().default('')
const parameterValue = z.union([z.string(), z.number(), z.boolean()])
const loginBody = z.object({
  data: z.object({
    ACCOUNT_NAME: text,
    LOGIN_NAME: text,
    PASSWORD: text,
    TOKEN: text,
    AUTHENTICATOR: text,
    SESSION_PARAMETERS: z.record(z.string(), parameterValue.nullable()).default({}),
  }),
})
const loginQuery = z.object({ databaseName: text, schemaName: text, warehouse: text, roleName: text })

/** Signing in, renewing tokens, keeping a session alive, signing out. */
export function addLoginRoutes(app: FastifyInstance, parts: WireParts): void {
  app.post('/session/v1/login-request', (request) => logInOrCount(parts, request))

  app.post('/session/token-request', ({ headers }): Envelope => {
    const session = parts.sessions.authenticateMaster(headers.authorization)
    const tokens = parts.sessions.issueTokens(session)
    return toSuccess({
      sessionToken: tokens.sessionToken,
      validityInSecondsST: tokens.sessionValidityMs / 1000,
      masterToken: tokens.masterToken,
      validityInSecondsMT: tokens.masterValidityMs / 1000,
      sessionId: Number(session.id),
    })
  })

  app.post('/session/heartbeat', ({ headers }): Envelope => {
    parts.sessions.authenticate(headers.authorization)
    return toSuccess(null)
  })

  app.post('/session', async ({ headers, query }): Promise<Envelope> => {
    const session = parts.sessions.authenticate(headers.authorization)
    if (z.object({ delete: z.literal('true') }).safeParse(query).success) await endSession(parts, session)
    return toSuccess(null)
  })
}

async function logInOrCount(parts: WireParts, { body, query }: FastifyRequest): Promise<Envelope> {
  try {
    return await logIn(parts, body, query)
  } catch (error) {
    parts.counters.signInsRefused += 1
    throw error
  }
}

async function logIn(parts: WireParts, body: unknown, query: unknown): Promise<Envelope> {
  const { data } = loginBody.parse(body)
  const user = parts.signIn.authenticate({
    account: data.ACCOUNT_NAME,
    user: data.LOGIN_NAME,
    authenticator: data.AUTHENTICATOR,
    password: data.PASSWORD,
    token: data.TOKEN,
  })
  const wanted = Object.entries(data.SESSION_PARAMETERS).filter((entry): entry is [string, ParameterValue] => entry[1] !== null)
  const init = toSessionInit(user, loginQuery.parse(query))
  const engine = await parts.engine.openSession({ ...init, parameters: new Map(wanted) })
  // Those the engine does not know only drivers understand, and they want to hear them again.
  const session = parts.sessions.add(engine, new Map(wanted.filter(([name]) => !engine.parameters.has(name))))
  parts.counters.sessionsOpened += 1
  return toLoginReply(session, parts.sessions.issueTokens(session))
}

function toSessionInit(user: string, query: z.infer<typeof loginQuery>): SessionInit {
  return {
    user,
    ...(query.roleName && { role: toStoredName(query.roleName) }),
    ...(query.warehouse && { warehouse: toStoredName(query.warehouse) }),
    ...(query.databaseName && { database: toStoredName(query.databaseName) }),
    ...(query.schemaName && { schema: toStoredName(query.schemaName) }),
  }
}

/** Names in a sign-in follow the rule of identifiers: upper case unless quoted. */
function toStoredName(name: string): string {
  const quoted = /^"(?<inner>.*)"$/s.exec(name)?.groups?.['inner']
  return quoted === undefined ? name.toUpperCase() : quoted.replaceAll('""', '"')
}

function toLoginReply(session: WireSession, tokens: TokenPair): Envelope {
  const { context } = session.engine
  return toSuccess({
    token: tokens.sessionToken,
    validityInSeconds: tokens.sessionValidityMs / 1000,
    masterToken: tokens.masterToken,
    masterValidityInSeconds: tokens.masterValidityMs / 1000,
    displayUserName: session.user,
    serverVersion: '9.0.0 (embedded)',
    firstLogin: false,
    healthCheckInterval: 45,
    sessionId: Number(session.id),
    parameters: toNamedParameters(session),
    sessionInfo: {
      databaseName: context.database,
      schemaName: context.schema,
      warehouseName: context.warehouse,
      roleName: context.role,
    },
  })
}
