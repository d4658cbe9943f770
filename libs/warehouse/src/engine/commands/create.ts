import type { StatementResult } from '../engine.ts'
import { unsupportedFeature } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { createDatabase, createSchema } from './create-namespace.ts'
import type { CreateOptions } from './create-options.ts'
import { createTable } from './create-table.ts'
import { createRole } from './role-commands.ts'
import { createView } from './create-view.ts'

/** `CREATE [OR REPLACE] [TEMPORARY | TRANSIENT | SECURE] DATABASE | SCHEMA | TABLE | VIEW | ROLE …`; the cursor stands behind CREATE. */
export const create: Command = async (frame) => {
  const { cursor } = frame
  const isReplacing = cursor.skipKeywords('OR', 'REPLACE')
  if (!cursor.skipKeywords('LOCAL')) cursor.skipKeywords('GLOBAL')
  const isTemporary = ['TEMPORARY', 'TEMP', 'VOLATILE'].some((word) => cursor.skipKeywords(word))
  const isTransient = cursor.skipKeywords('TRANSIENT')
  if (!cursor.skipKeywords('SECURE')) cursor.skipKeywords('RECURSIVE')
  const kind = cursor.token()
  const make = kinds.get(kind?.text.toUpperCase() ?? '')
  if (!make) throw unsupportedFeature(`CREATE ${kind?.text.toUpperCase() ?? ''}`.trim(), kind)
  cursor.next()
  return await make(frame, { isReplacing, isTemporary, isTransient })
}

type Create = (frame: StatementFrame, options: CreateOptions) => Promise<StatementResult>

const kinds: ReadonlyMap<string, Create> = new Map([
  ['TABLE', createTable],
  ['VIEW', createView],
  ['SCHEMA', createSchema],
  ['DATABASE', createDatabase],
  ['ROLE', createRole],
])
