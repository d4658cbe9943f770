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

const knownTokens = 10_000

/** Tokens that carry their own facts: a token can be called expired long after its session is forgotten. */
export class SessionTokens {
  readonly #signer = new Signer()
  /** Tokens found to be ours: a client sends the same one with every request, and checking a signature is dear beside the rest. */
  readonly #known = new Map<string, TokenClaims>()

  issue({ kind, sessionId, serial, expiresMs }: TokenClaims): string {
    return this.#signer.sign(`${kind}.${sessionId}.${serial}.${Math.round(expiresMs)}`)
  }

  /** The claims of a token of that kind, or nothing where this process did not issue it. */
  read(token: string, kind: TokenKind): TokenClaims | undefined {
    const claims = this.#known.get(token) ?? this.#open(token)
    return claims?.kind === kind ? claims : undefined
  }

  #open(token: string): TokenClaims | undefined {
    const text = this.#signer.open(token)
    if (text === undefined) return undefined
    // The text is ours, so it has the shape `issue` gave it.
    const [kind, sessionId = '', serial, expiresMs] = text.split('.') as [TokenKind, ...string[]]
    const claims = { kind, sessionId, serial: Number(serial), expiresMs: Number(expiresMs) }
    if (this.#known.size >= knownTokens) this.#known.clear()
    this.#known.set(token, claims)
    return claims
  }
}
