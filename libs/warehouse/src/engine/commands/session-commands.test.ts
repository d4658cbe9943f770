import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineSession, WarehouseEngine } from '../engine.ts'
import { ask, openEngine, openSession } from '../../test/open-engine.ts'

let engine: WarehouseEngine
let session: EngineSession

beforeAll(async () => {
  engine = await openEngine()
  session = await openSession(engine)
})
afterAll(async () => engine.close())

test('SHOW marks the role that is used and the parameters that were changed', async () => {
  const own = await openSession(engine)
  await ask(own, 'USE ROLE analyst')
  const roles = (await ask(own, 'SHOW ROLES')).rows
  expect(roles.filter((row) => row[3] === 'Y').map((row) => row[1])).toEqual(['ANALYST'])
  expect(roles.filter((row) => row[3] === 'N').map((row) => row[1])).toContain('SYSADMIN')
  const level = async (): Promise<unknown> =>
    (await ask(own, "SHOW PARAMETERS LIKE 'QUERY_TAG'")).rows.map((row) => [row[1], row[3]])
  expect(await level()).toEqual([['', '']])
  await ask(own, "ALTER SESSION SET QUERY_TAG = 'mine'")
  expect(await level()).toEqual([['mine', 'SESSION']])
  await expect(ask(own, 'ALTER SESSION UNSET UNKNOWN_THING')).rejects.toMatchObject({ code: '001006' })
})

test('variables keep the types of their values', async () => {
  await ask(session, "SET (no, moment, share) = (FALSE, '2024-01-01 00:00:00 +00:00'::TIMESTAMP_LTZ, 1.5::FLOAT)")
  const { rows, types } = await ask(session, 'SELECT $no, $moment, $share')
  expect(rows).toEqual([['0', '1704067200.000000000', '1.5']])
  expect(types).toEqual(['boolean', 'timestamp_ltz', 'real'])
})

test('a session is told a database alone, and takes no harm from parameters nobody knows', async () => {
  const own = await engine.openSession({
    user: 'TESTER',
    database: 'TEST_DB',
    parameters: new Map([
      ['NO_SUCH_PARAMETER', 'x'],
      ['QUERY_TAG', 'told'],
    ]),
  })
  expect(own.context).toMatchObject({ database: 'TEST_DB', schema: 'PUBLIC' })
  expect(own.parameters.get('QUERY_TAG')).toBe('told')
  expect(own.parameters.has('NO_SUCH_PARAMETER')).toBe(false)
})
