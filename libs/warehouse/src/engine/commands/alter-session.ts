import { stringValue } from '@squall/snowflake-sql'
import { defaultParameters, parseParameter } from '../session-parameters.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { toStatusResult } from '../table-result.ts'
import { commitOpen } from './transaction.ts'
import { setTimezone } from '../time-zone.ts'

/** `ALTER SESSION SET a = 1, b = 'x'` and `ALTER SESSION UNSET a, b`. */
export const alterSession: Command = async (frame) => {
  const { cursor } = frame
  cursor.at += 2
  const isSet = cursor.skipKeywords('SET')
  if (!isSet && !cursor.skipKeywords('UNSET')) throw cursor.unexpected()
  do await (isSet ? setOne(frame) : unsetOne(frame))
  while (cursor.skipOperator(',') || !cursor.isAtEnd)
  return toStatusResult('Statement executed successfully.', statementTypes.alterSession)
}

async function setOne(frame: StatementFrame): Promise<void> {
  const { cursor, session } = frame
  const token = cursor.token()
  const name = cursor.takeName()
  if (!cursor.skipOperator('=')) throw cursor.unexpected()
  const value = cursor.token()
  const text = stringValue(value) ?? value?.text
  if (text === undefined) throw cursor.unexpected()
  cursor.next()
  const parsed = parseParameter(name, text, token)
  if (name === 'TIMEZONE') await setTimezone(text, frame.run, cursor.token(-1))
  session.parameters.set(name, parsed)
  // As in Snowflake, what was left open by AUTOCOMMIT = FALSE ends with it.
  if (name === 'AUTOCOMMIT') await commitOpen(frame)
}

async function unsetOne(frame: StatementFrame): Promise<void> {
  const token = frame.cursor.token()
  const name = frame.cursor.takeName()
  const value = defaultParameters[name] ?? parseParameter(name, '', token)
  if (name === 'TIMEZONE') await setTimezone(String(value), frame.run)
  frame.session.parameters.set(name, value)
  if (name === 'AUTOCOMMIT') await commitOpen(frame)
}
