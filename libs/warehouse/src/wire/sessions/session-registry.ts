import type { Clock } from '@squall/time'
import type { EngineSession, ParameterValue } from '../../engine/engine.ts'
import { SnowflakeError } from '../../engine/snowflake-error.ts'
import type { WireLimits } from '../limits.ts'
import { SessionTokens, type TokenClaims, type TokenKind } from './session-tokens.ts'
import { WireSession } from './wire-session.ts'

/** A fresh pair of tokens with their lives. */
export interface TokenPair {
  readonly sessionToken: string
  readonly sessionValidityMs: number
  readonly masterToken: string
  readonly masterValidityMs: number
}

/** So many lost sessions are told 390104; the earlier ones then hear 390111, which clients take the same way. */
const rememberedDisowned = 10_000

/** The sessions of all clients, and the tokens by which clients name them. */
export class SessionRegistry {
  readonly #clock: Clock
  readonly #limits: WireLimits
  readonly #onLost: (session: WireSession) => void
  readonly #tokens = new SessionTokens()
  readonly #sessions = new Map<string, WireSession>()
  /** Sessions whose tokens are called unknown. */
  readonly #disowned = new Set<string>()
  #lastId = 0

  /** @param onLost told of a session whose client has heard that its master token expired: nobody can reach it any more. */
  constructor(clock: Clock, limits: WireLimits, onLost: (session: WireSession) => void) {
    this.#clock = clock
    this.#limits = limits
    this.#onLost = onLost
  }

  add(engine: EngineSession, clientParameters: ReadonlyMap<string, ParameterValue>): WireSession {
    const session = new WireSession(String(++this.#lastId), engine, clientParameters, this.#clock.monotonicMs())
    this.#sessions.set(session.id, session)
    return session
  }

  /** New tokens for a session. Earlier ones live on until their date: requests that carry them may be on their way. */
  issueTokens(session: WireSession): TokenPair {
    const { sessionTokenValidityMs: sessionValidityMs, masterTokenValidityMs: masterValidityMs } = this.#limits
    const nowMs = this.#clock.monotonicMs()
    const issued = { sessionId: session.id, serial: ++session.serial }
    const sessionToken = this.#tokens.issue({ ...issued, kind: 'session', expiresMs: nowMs + sessionValidityMs })
    const masterToken = this.#tokens.issue({ ...issued, kind: 'master', expiresMs: nowMs + masterValidityMs })
    return { sessionToken, sessionValidityMs, masterToken, masterValidityMs }
  }

  /**
   * The session an `Authorization` header names by its session token.
   * @throws SnowflakeError 390104 no token of ours, 390112 expired (a client renews it), 390111 the session is over.
   */
  authenticate(authorization: string | undefined): WireSession {
    const claims = this.#claims(authorization, 'session')
    if (!claims || this.#disowned.has(claims.sessionId))
      throw notConnected('390104', 'Session token is invalid. New login required to access the service.')
    const session = this.#sessions.get(claims.sessionId)
    if (this.#isPast(claims) || (session && claims.serial < session.oldestSessionSerial))
      throw notConnected('390112', 'Your session has expired. Please login again.')
    if (!session) throw notConnected('390111', 'Session no longer exists. New login required to access the service.')
    session.lastUsedMs = this.#clock.monotonicMs()
    return session
  }

  /**
   * The session an `Authorization` header names by its master token.
   * @throws SnowflakeError 390115 no token of ours, 390114 expired: the client must sign in again.
   */
  authenticateMaster(authorization: string | undefined): WireSession {
    const claims = this.#claims(authorization, 'master')
    if (!claims) throw notConnected('390115', 'Master token is invalid. New login required to access the service.')
    const session = this.#sessions.get(claims.sessionId)
    if (!session || this.#isPast(claims) || claims.serial < session.oldestMasterSerial) {
      if (session && session.serial < session.oldestMasterSerial) this.#onLost(session)
      throw notConnected('390114', 'Authentication token has expired. The user must authenticate again.')
    }
    session.lastUsedMs = this.#clock.monotonicMs()
    return session
  }

  /** Calls all tokens issued so far expired: those of one session, or of all. Returns how many sessions that touched. */
  expireTokens(kind: TokenKind, sessionId?: string): number {
    const touched = this.all().filter(({ id }) => sessionId === undefined || id === sessionId)
    for (const session of touched) {
      session.oldestSessionSerial = session.serial + 1
      if (kind === 'master') session.oldestMasterSerial = session.serial + 1
    }
    return touched.length
  }

  /** Calls a session's tokens unknown from now on, as if another service had issued them. */
  disown(session: WireSession): void {
    if (this.#disowned.size >= rememberedDisowned) this.#disowned.clear()
    this.#disowned.add(session.id)
  }

  get size(): number {
    return this.#sessions.size
  }

  all(): WireSession[] {
    return [...this.#sessions.values()]
  }

  /** Sessions nobody has used for as long as a master token lives. */
  idle(): WireSession[] {
    const sinceMs = this.#clock.monotonicMs() - this.#limits.masterTokenValidityMs
    return this.all().filter(({ lastUsedMs }) => lastUsedMs <= sinceMs)
  }

  delete(session: WireSession): boolean {
    return this.#sessions.delete(session.id)
  }

  #claims(authorization: string | undefined, kind: TokenKind): TokenClaims | undefined {
    const token = authorization?.match(/^Snowflake Token="(?<token>[^"]+)"$/)?.groups?.['token']
    return token === undefined ? undefined : this.#tokens.read(token, kind)
  }

  #isPast({ expiresMs }: TokenClaims): boolean {
    return this.#clock.monotonicMs() >= expiresMs
  }
}

const notConnected = (code: string, message: string): SnowflakeError => new SnowflakeError(code, '08003', message)
