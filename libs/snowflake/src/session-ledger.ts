import { CodedError } from '@squall/errors'
import { snowflakeErrors } from './errors.ts'
import { SnowflakeQueryError } from './query-error.ts'
import type { Place, SessionContext } from './statement.ts'
import type { StatementEffect } from './statement-effect.ts'

/** A database and schema to go to; without a schema, to the one that USE DATABASE chooses. */
interface Target {
  readonly database: string | null
  readonly schema: string | undefined
}

/** A statement that must run first, and what its reply must show. */
export interface Move {
  readonly sql: string
  readonly target: Target
  /** The place of birth or of an earlier USE must be met exactly; a place asked for is Snowflake's to complete. */
  readonly mustEndAt: SessionContext | undefined
}

/** Keeps what is known about the state of one session: where it stands, where it should stand, and whether it is as it was born. */
export class SessionLedger {
  readonly #birth: SessionContext
  /** Where statements run that do not name a place: where the session was born, or where its user moved it. */
  #home: SessionContext
  #standsAt: Target
  /** False from the sending of a USE to its reply: one that was given up may still have moved the session. */
  #isPlaceCertain = true
  #inTransaction = false
  #doubt: string | undefined
  /** Whether statements of others ran in this session: then its last result is theirs. */
  #hadOthers = false

  constructor(birth: SessionContext) {
    this.#birth = birth
    this.#home = birth
    this.#standsAt = toTarget(birth)
  }

  get context(): SessionContext {
    return this.#home
  }

  /** @throws CodedError SNOWFLAKE_LAST_RESULT_REFUSED for a statement that could name one of a user before. */
  refuseLastResultOfOthers(sql: string): void {
    if (this.#hadOthers && /LAST_QUERY_ID|LAST_TRANSACTION/i.test(sql))
      throw new CodedError(snowflakeErrors.SNOWFLAKE_LAST_RESULT_REFUSED)
  }

  get inTransaction(): boolean {
    return this.#inTransaction
  }

  /** Why the session cannot be proven clean; undefined while it can. */
  get doubt(): string | undefined {
    return this.#doubt
  }

  doubtBecause(reason: string): void {
    this.#doubt ??= reason
  }

  /**
   * What must run before a statement; undefined where the session stands right.
   * @throws CodedError SNOWFLAKE_QUERY_FAILED for a schema without a database, SNOWFLAKE_SESSION_LOST where there is no way back.
   */
  moveFor(place: Place | 'anywhere' | undefined, effect: StatementEffect): Move | undefined {
    if (place === 'anywhere' || (!place && effect === 'database')) return undefined
    const target = place ? this.#resolve(place) : toTarget(this.#home)
    if (this.#standsSurelyAt(target)) return undefined
    if (target.database === null) throw noWayBack()
    return { sql: useSql(target.database, target.schema), target, mustEndAt: place ? undefined : this.#home }
  }

  /** Before a move is sent. */
  willMove(): void {
    this.#isPlaceCertain = false
  }

  /** Snowflake refused what was sent last: it changed nothing. */
  wasRefused(): void {
    this.#isPlaceCertain = true
  }

  /** @throws CodedError SNOWFLAKE_SESSION_LOST where the move ended elsewhere. */
  moved({ target, mustEndAt }: Move, reply: SessionContext): void {
    this.#standsAt = target
    this.#isPlaceCertain = true
    if (mustEndAt && !isSame(toTarget(reply), toTarget(mustEndAt))) throw noWayBack()
    this.#checkRole(reply)
  }

  /** Before a statement runs: what it may leave behind even if it fails. */
  willRun(effect: StatementEffect): void {
    if (effect === 'begin') this.#inTransaction = true
    if (effect === 'database' || effect === 'schema') this.#isPlaceCertain = false
    if (effect === 'unknown') this.doubtBecause('a statement ran that may leave state behind')
  }

  didRun(effect: StatementEffect, reply: SessionContext): void {
    if (effect === 'end') this.#inTransaction = false
    if (effect === 'database' || effect === 'schema') {
      this.#home = reply
      this.#standsAt = toTarget(reply)
      this.#isPlaceCertain = true
    }
    this.#checkRole(reply)
  }

  /**
   * Makes the place of birth the session's own again. It goes back there when a statement needs it; a session that was born without
   * a database and was moved cannot, and then runs only statements that name a place or need none.
   */
  goHome(): void {
    this.#home = this.#birth
    this.#hadOthers = true
  }

  #standsSurelyAt(target: Target): boolean {
    return this.#isPlaceCertain && isSame(target, this.#standsAt)
  }

  #resolve({ database, schema }: Place): Target {
    if (database === undefined && schema === undefined) return toTarget(this.#home)
    const owner = database ?? this.#home.database
    if (owner === null) throw noDatabase()
    return { database: owner, schema }
  }

  #checkRole({ role, warehouse }: SessionContext): void {
    if (role !== this.#birth.role) this.doubtBecause('the role changed')
    if (warehouse !== this.#birth.warehouse) this.doubtBecause('the warehouse changed')
  }
}

function toTarget({ database, schema }: SessionContext): Target {
  return { database, schema: schema ?? undefined }
}

function isSame(a: Target, b: Target): boolean {
  return a.database === b.database && a.schema === b.schema
}

function useSql(database: string, schema: string | undefined): string {
  return schema === undefined ? `USE DATABASE ${quote(database)}` : `USE SCHEMA ${quote(database)}.${quote(schema)}`
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function noDatabase(): SnowflakeQueryError {
  const message = 'Cannot perform USE SCHEMA. This session does not have a current database.'
  return new SnowflakeQueryError({ snowflakeCode: '090105', sqlState: '22000', message: `${message} Name a database too.` })
}

function noWayBack(): CodedError {
  return new CodedError(snowflakeErrors.SNOWFLAKE_SESSION_LOST, { message: 'the session cannot go back to where it was' })
}
