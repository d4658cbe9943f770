import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWarehouseEngine, type EngineSession, type SessionInit, type WarehouseEngine } from '../index.ts'

/** Sample data takes seconds to make, so all test files share one copy; its folder carries the version of the data in its name. */
export const sharedDataDirectory = join(tmpdir(), 'squall-warehouse-tests')

export async function openEngine(): Promise<WarehouseEngine> {
  return await createWarehouseEngine({ dataDirectory: sharedDataDirectory })
}

/** What a test wants to know of a result. */
export interface Answer {
  readonly columns: readonly string[]
  readonly types: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

let queryCount = 0

/** Runs one statement and reads its result to the end. */
export async function ask(
  session: EngineSession,
  sql: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Answer> {
  queryCount += 1
  const result = await session.execute(sql, { queryId: `query-${queryCount}`, binds: [], signal, describeOnly: false })
  const rows = []
  for (const batch of result.batches()) rows.push(...batch)
  return { columns: result.columns.map(({ name }) => name), types: result.columns.map(({ type }) => type), rows }
}

export async function openSession(engine: WarehouseEngine, init: Partial<SessionInit> = {}): Promise<EngineSession> {
  return await engine.openSession({ user: 'TESTER', database: 'TEST_DB', schema: 'PUBLIC', ...init })
}
