import { Signer } from '../signer.ts'

export type TokenKind = 'session' | 'master'

/** What a token says of itself. */
export interface TokenClaims {
  readonly kind: TokenKind
  readonly sessionId: string
  /** Counts the tokens of a session, so that all up to one can be called expired. */
  readonly serial: number
  readonly expiresMs: number
}

/** Tokens that carry their own facts: a token can be called expired long after its session is forgotten. */
export class SessionTokens {
  readonly #signer = new Signer()

  issue({ kind, sessionId, serial, expiresMs }: TokenClaims): string {
    return this.#signer.sign(`${kind}.${sessionId}.${serial}.${Math.round(expiresMs)}`)
  }

  /** The claims of a token of that kind, or nothing where this process did not issue it. */
  read(token: string, kind: TokenKind): TokenClaims | undefined {
    const [found, sessionId, serial, expiresMs] = this.#signer.open(token)?.split('.') ?? []
    if (found !== kind || sessionId === undefined) return undefined
    return { kind, sessionId, serial: Number(serial), expiresMs: Number(expiresMs) }
  }
}
