import { unsupportedFeature } from '../snowflake-errors.ts'
import type { Command } from '../statement-frame.ts'
import { create } from './create.ts'
import { commitOpen } from './transaction.ts'
import { drop } from './drop.ts'

/** CREATE and DROP of databases, schemas, tables and views; whatever else changes objects is not supported. */
export const ddl: Command = async (frame) => {
  const { cursor } = frame
  const verb = cursor.token()
  const command = verb?.text.toUpperCase() === 'CREATE' ? create : verb?.text.toUpperCase() === 'DROP' ? drop : undefined
  if (!command) throw unsupportedFeature(`${verb?.text.toUpperCase()} ${cursor.token(1)?.text.toUpperCase() ?? ''}`.trim(), verb)
  cursor.next()
  // DDL ends an open transaction and is one of its own.
  await commitOpen(frame)
  return await command(frame)
}
