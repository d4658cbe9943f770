import type { Token, TokenNode } from '@squall/snowflake-sql'
import type { Scope } from '../scope.ts'

/** A call as written: arguments not yet translated, since some are words of the language and no expressions. */
export interface FunctionCall {
  readonly name: string
  readonly token: Token
  readonly scope: Scope
  readonly args: readonly (readonly TokenNode[])[]
  readonly isDistinct: boolean
  /** The translated `ORDER BY …` of `WITHIN GROUP (…)`. */
  readonly orderBy: string | undefined
  /** Whether `OVER (…)` follows, which DuckDB wants right behind the function. */
  readonly isWindowed: boolean
  /** All arguments translated, with commas. */
  readonly list: string
  /** An argument translated; throws 000938 where there are too few. */
  readonly arg: (index: number) => string
  readonly optional: (index: number) => string | undefined
}

/** DuckDB SQL for a call. */
export type FunctionTranslation = (call: FunctionCall) => string

export type FunctionTable = Readonly<Record<string, FunctionTranslation>>

/** The same function under another name. */
export function renamed(name: string): FunctionTranslation {
  return ({ list, isDistinct }) => `${name}(${isDistinct ? 'DISTINCT ' : ''}${list})`
}
