/** What a principal may do: `read` what there is, `query` data, see `metrics`, or everything. */
export const scopes = ['read', 'query', 'metrics', 'admin'] as const

export type Scope = (typeof scopes)[number]

/** How a principal's calls stand to those of others when calls have to wait. */
export const priorities = ['low', 'normal', 'high'] as const

export type Priority = (typeof priorities)[number]

/** Each step up has twice the turns. */
export const weights: Readonly<Record<Priority, number>> = { low: 1, normal: 2, high: 4 }

/** Who a caller was proven to be. It holds no secret: all of it may be logged. */
export interface Principal {
  /** The same for the same caller always, and for nobody else: `key:reporting`, `oauth:https://login.example.com#alice`. */
  readonly id: string
  /** Against whom its limits, its sessions and its turns count; its own id where absent. */
  readonly account?: string
  readonly kind: 'local' | 'api-key' | 'oauth'
  readonly scopes: ReadonlySet<Scope>
  /** The role its statements run with in Snowflake; the server's own where absent. */
  readonly role?: string | undefined
  /** Turns it has for each one of a principal of weight 1, where calls have to wait. */
  readonly weight: number
  /** Whether it stands for many callers that only their sessions tell apart. */
  readonly isShared: boolean
}

/** Whoever calls from this machine where nobody has to prove anything: many clients, told apart by their sessions alone. */
export const localPrincipal: Principal = Object.freeze({
  id: 'local',
  kind: 'local',
  scopes: new Set<Scope>(['admin']),
  weight: weights.normal,
  isShared: true,
})

/** Whether a principal may do what needs a scope: `admin` is all of them, and who may query may look around. */
export function allows({ scopes }: Principal, needed: Scope): boolean {
  return scopes.has(needed) || scopes.has('admin') || (needed === 'read' && scopes.has('query'))
}
