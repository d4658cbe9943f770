// What one client does to a session no other client sees. `npm run prove` runs the same check with a hundred thousand statements.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkIsolation, type IsolationReport } from './test/isolation/check-isolation.ts'
import {
  brokenCleanings,
  cleaning,
  openIsolationWorld,
  type Cleaning,
  type IsolationWorld,
} from './test/isolation/isolation-world.ts'
import { stateNames, type StateName } from './test/isolation/session-marks.ts'

let world: IsolationWorld
beforeAll(async () => {
  world = await openIsolationWorld(join(tmpdir(), 'squall-warehouse-tests'))
})
afterAll(() => world[Symbol.asyncDispose]())

async function check(clean: Cleaning, operations: number, clients = 50): Promise<IsolationReport> {
  const pool = world.openPool(clean, 8)
  try {
    return await checkIsolation(pool, { clients, operations, seed: 20_26 })
  } finally {
    await pool.drain(5_000)
  }
}

const kindsSeen = ({ violations }: IsolationReport): ReadonlySet<string | undefined> =>
  new Set(violations.map((violation) => /, (\w+):/.exec(violation)?.[1]))

test('fifty clients that change sessions in every way see nothing of each other [S5]', async () => {
  const { violations, failures, changes, looks } = await check(cleaning, 2_500)
  expect({ violations, failures }).toEqual({ violations: [], failures: [] })
  // Each kind of state was changed and looked for, or nothing would be shown.
  for (const name of stateNames) expect([changes[name] > 0, looks[name] > 0], name).toEqual([true, true])
})

/** What each breakage must let through. */
const leaks: Readonly<Record<keyof typeof brokenCleanings, readonly StateName[]>> = {
  'nothing is cleaned': stateNames,
  'doubt is ignored': ['role', 'warehouse', 'parameter', 'variable', 'temporary'],
}

test.each(Object.entries(leaks))('the check sees it where %s', async (name, kinds) => {
  // The entries are those of the record.
  const report = await check(brokenCleanings[name as keyof typeof brokenCleanings], 1_200, 20)
  expect([...kindsSeen(report)]).toEqual(expect.arrayContaining([...kinds]))
})
