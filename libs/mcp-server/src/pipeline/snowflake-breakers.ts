import { CircuitBreaker, type BreakerOptions, type BreakerPass, type BreakerState, type Session } from '@squall/session'
import type { Clock } from '@squall/time'
import type { RequestContext } from '../request-context.ts'

/** What a call met on its way to Snowflake. */
export type Contact = 'reached' | 'unreachable' | 'sign_in_failed'

export interface BreakerStats {
  readonly state: BreakerState
  readonly openedTotal: number
  /** Principals whose sign-in fails. */
  readonly principals: number
}

/** The breakers a call went through, and as what; kept with the call. */
export interface BreakerTicket {
  readonly backend: BreakerPass
  readonly own: { readonly breaker: CircuitBreaker; readonly pass: BreakerPass } | undefined
}

/** Principals with a breaker of their own, at most. */
const mostPrincipals = 1000

/**
 * Keeps calls from a Snowflake that cannot be reached, and a principal's calls from sign-ins that fail: its credentials are no fault of
 * the others, and Snowflake locks users out who try too often.
 */
export class SnowflakeBreakers {
  readonly #clock: Clock
  readonly #options: BreakerOptions
  readonly #backend: CircuitBreaker
  readonly #byPrincipal = new Map<string, CircuitBreaker>()

  constructor(clock: Clock, options: BreakerOptions) {
    this.#clock = clock
    this.#options = options
    this.#backend = new CircuitBreaker(clock, options)
  }

  /** How long a call must stay away, in milliseconds; undefined where it need not. */
  refusal({ facts }: Session): number | undefined {
    const own = this.#byPrincipal.get(facts.owner.id)
    if (own?.state === 'open') return own.retryAfterMs
    return this.#backend.state === 'open' ? this.#backend.retryAfterMs : undefined
  }

  /** Lets a call through, or not. */
  enter(context: RequestContext, { facts }: Session): boolean {
    const backend = this.#backend.enter()
    if (backend === undefined) return false
    const breaker = this.#byPrincipal.get(facts.owner.id)
    if (breaker === undefined) {
      context.breakers = { backend, own: undefined }
      return true
    }
    const pass = breaker.enter()
    if (pass === undefined) {
      this.#backend.leave(backend)
      return false
    }
    context.breakers = { backend, own: { breaker, pass } }
    return true
  }

  /** Takes note of what a call met. */
  note({ breakers: ticket, session }: RequestContext, contact: Contact): void {
    if (ticket === undefined || session === undefined) return
    if (contact === 'unreachable') return this.#backend.failed(ticket.backend)
    // Snowflake that refuses a sign-in is there.
    this.#backend.succeeded(ticket.backend)
    if (contact === 'sign_in_failed') return this.#signInFailed(session.facts.owner.id, ticket)
    ticket.own?.breaker.succeeded(ticket.own.pass)
    if (ticket.own?.breaker.isUntouched === true) this.#byPrincipal.delete(session.facts.owner.id)
  }

  leave({ breakers: ticket }: RequestContext): void {
    if (ticket === undefined) return
    this.#backend.leave(ticket.backend)
    ticket.own?.breaker.leave(ticket.own.pass)
  }

  stats(): BreakerStats {
    return { state: this.#backend.state, openedTotal: this.#backend.openedTotal, principals: this.#byPrincipal.size }
  }

  #signInFailed(principal: string, { own }: BreakerTicket): void {
    if (own !== undefined) return own.breaker.failed(own.pass)
    // The first failure, or one that was under way when another was the first.
    const breaker = this.#byPrincipal.get(principal) ?? new CircuitBreaker(this.#clock, this.#options)
    const pass = breaker.enter()
    if (pass !== undefined) breaker.failed(pass)
    this.#byPrincipal.set(principal, breaker)
    if (this.#byPrincipal.size <= mostPrincipals) return
    const [oldest] = this.#byPrincipal.keys()
    if (oldest !== undefined) this.#byPrincipal.delete(oldest)
  }
}
