import type { Clock } from '@squall/time'
import type { z } from 'zod'
import type { Door } from '../wire/door.ts'
import type { SessionRegistry } from '../wire/sessions/session-registry.ts'
import type { WireSession } from '../wire/sessions/wire-session.ts'
import type { Statement } from '../wire/statements/statement.ts'
import type { StatementLog } from '../wire/statements/statement-log.ts'

/** A client's request, before anything is done about it. */
export interface ClientRequest {
  readonly isSignIn: boolean
}

/** What a client gets in place of an answer: an HTTP reply, or a connection that breaks. */
export type Interruption =
  | {
      readonly kind: 'reply'
      readonly status: number
      readonly code: string
      readonly message: string
      readonly retryAfterSeconds?: number
    }
  | { readonly kind: 'reset' }

/** A fault at work. What it does not care about it leaves out. */
export interface Fault {
  /** Looks at every request; the first interruption counts. */
  onRequest?(request: ClientRequest): Interruption | undefined
  /** Runs while a statement holds its place in the warehouse, before the statement does. What it throws is how the statement ends. */
  onStatement?(statement: Statement, signal: AbortSignal): Promise<void>
  /** Undoes what lasts. Called once: when the fault is ended, replaced or has finished. */
  end?(): void
}

/** What a fault may use. */
export interface FaultHost {
  readonly clock: Clock
  readonly sessions: SessionRegistry
  readonly statements: StatementLog
  readonly door: Door
  /** Ends a session as its client would. */
  readonly endSession: (session: WireSession) => void
  /** Counts how often the fault was felt. */
  readonly hit: (times?: number) => void
  /** Says that the fault has done what it was asked for. */
  readonly finish: () => void
}

/** One kind of fault. */
export interface FaultKind {
  readonly name: string
  /** One line, for people: what happens, and what it may be told. */
  readonly summary: string
  /**
   * Checks the options, and gives what begins the fault.
   * @throws ZodError with all that is wrong with them.
   */
  prepare(options: unknown): (host: FaultHost) => Fault
}

/** Makes a kind from its options' schema and what begins it; the end of what is specific to its options. */
export function defineFault<Schema extends z.ZodType>(definition: {
  readonly name: string
  readonly summary: string
  readonly options: Schema
  readonly begin: (options: z.infer<Schema>, host: FaultHost) => Fault
}): FaultKind {
  const { name, summary, options: schema, begin } = definition
  return {
    name,
    summary,
    prepare: (options) => {
      const parsed = schema.parse(options)
      return (host) => begin(parsed, host)
    },
  }
}
