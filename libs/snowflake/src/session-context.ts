import type { RowStatement } from 'snowflake-sdk'
import type { SessionContext } from './statement.ts'

/** The driver's view of a session after a statement; its type declares no more than an object. */
interface DriverSessionState {
  getCurrentDatabase?: () => unknown
  getCurrentSchema?: () => unknown
  getCurrentRole?: () => unknown
  getCurrentWarehouse?: () => unknown
}

/** Where the session stood when the statement ended, as Snowflake's reply says. */
export function sessionContext(statement: RowStatement): SessionContext {
  const state: DriverSessionState = statement.getSessionState() ?? {}
  return {
    database: nameOrNull(state.getCurrentDatabase?.()),
    schema: nameOrNull(state.getCurrentSchema?.()),
    role: nameOrNull(state.getCurrentRole?.()),
    warehouse: nameOrNull(state.getCurrentWarehouse?.()),
  }
}

function nameOrNull(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null
  return /^".*"$/s.test(value) ? value.slice(1, -1).replaceAll('""', '"') : value
}
