import { stringValue } from '@squall/snowflake-sql'
import { quoteText } from '../../translate/quote.ts'
import { defaultParameters, parseParameter } from '../session-parameters.ts'
import { SnowflakeError } from '../snowflake-error.ts'
import { placeOf } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { toStatusResult } from '../table-result.ts'

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
  if (name === 'TIMEZONE') await setTimezone(frame, text)
  session.parameters.set(name, parsed)
}

async function unsetOne(frame: StatementFrame): Promise<void> {
  const token = frame.cursor.token()
  const name = frame.cursor.takeName()
  const value = defaultParameters[name] ?? parseParameter(name, '', token)
  if (name === 'TIMEZONE') await setTimezone(frame, String(value))
  frame.session.parameters.set(name, value)
}

async function setTimezone(frame: StatementFrame, zone: string): Promise<void> {
  try {
    await frame.run(`SET TimeZone = ${quoteText(zone)}`)
  } catch (cause) {
    const message = `SQL compilation error:\ninvalid value [${zone}] for parameter 'TIMEZONE'`
    throw new SnowflakeError('001008', '22023', message, placeOf(frame.cursor.token(-1)), cause)
  }
}
