import type { StatementResult } from '../engine.ts'
import { unsupportedFeature } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { showGrants } from './role-commands.ts'
import { showColumns, showDatabases, showObjects, showSchemas, showTables, showViews } from './show-objects.ts'
import { showParameters, showRoles, showVariables, showWarehouses } from './show-session.ts'

type Show = (frame: StatementFrame) => Promise<StatementResult>

/** `SHOW [TERSE] kind …`. */
export const show: Command = async (frame) => {
  const { cursor } = frame
  cursor.next()
  cursor.skipKeywords('TERSE')
  const token = cursor.token()
  const kind = token?.text.toUpperCase() ?? ''
  const run = kinds.get(kind)
  if (!run)
    throw token?.kind === 'word' && cursor.at < cursor.nodes.length
      ? unsupportedFeature(`SHOW ${kind}`, token)
      : cursor.unexpected()
  cursor.next()
  return await run(frame)
}

const kinds: ReadonlyMap<string, Show> = new Map([
  ['DATABASES', showDatabases],
  ['SCHEMAS', showSchemas],
  ['TABLES', showTables],
  ['VIEWS', showViews],
  ['OBJECTS', showObjects],
  ['COLUMNS', showColumns],
  ['WAREHOUSES', showWarehouses],
  ['ROLES', showRoles],
  ['GRANTS', showGrants],
  ['PARAMETERS', showParameters],
  ['VARIABLES', showVariables],
])
