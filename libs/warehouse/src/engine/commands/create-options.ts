import { stringValue } from '@squall/snowflake-sql'
import type { NodeCursor } from '../../translate/node-cursor.ts'
import { takeObjectName } from '../../translate/object-name.ts'
import { quoteName } from '../../translate/quote.ts'
import type { ObjectName } from '../../translate/scope.ts'
import type { StatementResult } from '../engine.ts'
import type { FullName } from '../name-resolution.ts'
import type { StatementFrame } from '../statement-frame.ts'
import { toStatusResult } from '../table-result.ts'

/** What stands between CREATE and the kind of the object. */
export interface CreateOptions {
  readonly isReplacing: boolean
  readonly isTemporary: boolean
  readonly isTransient: boolean
}

export interface NewName {
  readonly name: ObjectName
  readonly ifNotExists: boolean
}

/** `[IF NOT EXISTS] name [IF NOT EXISTS]`. */
export function takeNewName({ cursor, scope }: StatementFrame): NewName {
  const before = cursor.skipKeywords('IF', 'NOT', 'EXISTS')
  const name = takeObjectName(cursor, scope)
  return { name, ifNotExists: cursor.skipKeywords('IF', 'NOT', 'EXISTS') || before }
}

export function existsAlready(name: string): StatementResult {
  return toStatusResult(`${name} already exists, statement succeeded.`)
}

/** DuckDB's name for an object that all sessions see. */
export function permanentName({ database, schema, name }: FullName): string {
  return [database, schema, name].map(quoteName).join('.')
}

/** `COMMENT = 'text'` at the cursor, or the empty text. */
export function takeComment(cursor: NodeCursor): string {
  if (!cursor.isAtKeyword('COMMENT')) return ''
  cursor.next()
  cursor.skipOperator('=')
  const text = stringValue(cursor.token())
  if (text === undefined) throw cursor.unexpected()
  cursor.next()
  return text
}
