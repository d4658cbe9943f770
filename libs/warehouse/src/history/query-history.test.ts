import { expect, test } from 'vitest'
import { QueryHistory, rememberedQueries } from './query-history.ts'
import type { QueryRecord } from './query-record.ts'

const record = (queryId: string): QueryRecord => ({
  queryId,
  text: 'SELECT 1',
  type: 'SELECT',
  sessionId: '1',
  user: 'ANA',
  role: 'SYSADMIN',
  warehouse: null,
  database: null,
  schema: null,
  tag: '',
  startedWallMs: 0,
  phase: 'RUNNING',
  endedWallMs: null,
  provisioningMs: 0,
  overloadMs: 0,
  executionMs: 0,
  rowCount: null,
  errorCode: null,
  errorMessage: null,
})

test('the oldest statement is forgotten when there are too many, and the newest comes first', () => {
  const history = new QueryHistory()
  for (let index = 0; index <= rememberedQueries; index += 1) history.add(record(`q${index}`))
  expect(history.get('q0')).toBeUndefined()
  expect(history.get('q1')).toMatchObject({ queryId: 'q1' })
  expect(history.newest()).toHaveLength(rememberedQueries)
  expect(history.newest()[0]?.queryId).toBe(`q${rememberedQueries}`)
})
