// Counterparts of the original's multi-client tests, with its numbers; docs/original-tests.md lists both.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { slow, startOriginalServer, times, type OneClient, type OriginalServer, type Status } from './support/original-server.ts'
import { run } from './support/programs.ts'
import { readSummary } from './support/reports.ts'

let server: OriginalServer
beforeAll(async () => {
  server = await startOriginalServer()
})
afterAll(() => server.stop())

async function withClients(names: readonly string[], work: (clients: readonly OneClient[]) => Promise<void>): Promise<void> {
  const clients = await Promise.all(names.map((name) => server.connect(name)))
  try {
    await work(clients)
  } finally {
    await Promise.all(clients.map((client) => client.close()))
  }
}

/** Requests counted into sessions meanwhile. */
async function requestsDuring(
  work: () => Promise<unknown>,
): Promise<Pick<Status['sessions'], 'requestsTotal' | 'failedRequestsTotal'>> {
  const { sessions: before } = await server.status()
  await work()
  const { sessions: after } = await server.status()
  return {
    requestsTotal: after.requestsTotal - before.requestsTotal,
    failedRequestsTotal: after.failedRequestsTotal - before.failedRequestsTotal,
  }
}

/** Five clients have five sessions of their own; each one's request is counted; when they leave nothing of them stays. */
async function fiveSessions(): Promise<void> {
  await withClients(
    times(5, (index) => `client_${index}`),
    async (clients) => {
      expect(new Set(clients.map(({ sessionId }) => sessionId)).size).toBe(5)
      expect(clients.every(({ sessionId }) => sessionId !== '')).toBe(true)
      const counted = await requestsDuring(() => Promise.all(clients.map((client) => client.call('list_databases'))))
      expect(counted).toEqual({ requestsTotal: 5, failedRequestsTotal: 0 })
      expect((await server.status()).sessions).toMatchObject({ open: 5, openByClientType: { http_client: 5 } })
    },
  )
  expect((await server.status()).sessions.open).toBe(0)
}

/** Fifty sessions at once: more than 95 % of what they ask is answered. Here all of it is. */
async function fiftySessions(): Promise<void> {
  await withClients(
    times(50, (index) => `crowd_${index}`),
    async (clients) => {
      expect((await server.status()).sessions.open).toBe(50)
      const answers = await Promise.all(
        clients.flatMap((client, index) => times(4, (round) => client.query(`SELECT ${index} AS i, ${round} AS r`))),
      )
      const right = answers.filter(({ structuredContent }, at) => structuredContent?.rows[0]?.[0] === Math.floor(at / 4))
      expect(right.length / answers.length).toBeGreaterThan(0.95)
    },
  )
}

/** A client with fifty requests under way does not hold up another, and neither's requests count as the other's. */
async function resourceIsolation(): Promise<void> {
  await withClients(['claude-ai', 'light_client'], async ([heavy, light]) => {
    if (heavy === undefined || light === undefined) throw new Error('there are two clients')
    let heavyDone = 0
    const counted = await requestsDuring(async () => {
      const work = times(50, async (index) => {
        const { isError } = await heavy.query(slow(index))
        heavyDone += 1
        return isError !== true
      })
      await expect.poll(async () => (await server.status()).calls.inFlight, { timeout: 5000, interval: 10 }).toBeGreaterThan(30)
      const doneBefore = heavyDone
      expect((await light.query("SELECT 'light' AS who")).structuredContent?.rows).toEqual([['light']])
      // One statement of each of the three sessions in Snowflake may have to end first, and a few more while the answers travel.
      expect(heavyDone - doneBefore).toBeLessThan(15)
      expect((await Promise.all(work)).every(Boolean)).toBe(true)
    })
    expect(counted).toEqual({ requestsTotal: 51, failedRequestsTotal: 0 })
  })
}

/** Three clients with two requests each share the sessions in Snowflake: all six are answered, to whom they belong. */
async function multiplexing(): Promise<void> {
  await withClients(
    times(3, (index) => `claude-code multiplex_${index}`),
    async (clients) => {
      const work = clients.flatMap((client) => times(2, (operation) => client.query(slow(`${client.name} ${operation}`))))
      const wanted = clients.flatMap(({ name }) => times(2, (operation) => [[`${name} ${operation}`]]))
      const answers = await Promise.all(work)
      expect(answers.map(({ structuredContent }) => structuredContent?.rows)).toEqual(wanted)
      const { sessions, pool } = await server.status()
      expect(sessions.openByClientType['claude_code']).toBe(3)
      expect(pool.size).toBeLessThanOrEqual(3)
    },
  )
}

const mixedPack = (target: string): string => `
config:
  target: ${target}
  engines: { mcp: {} }
  squall: { model: closed, clients: 30, spawnRate: 30, duration: 90s, iterations: 4, thresholds: ['failed<2%'] }
scenarios:
${['claude_desktop', 'claude_code', 'roo_code']
  .map(
    (kind) => `  - engine: mcp
    mcp: { clientKind: ${kind} }
    flow:
      - callTool: { name: list_databases }
      - callTool: { name: list_views, arguments: { database: TEST_DB } }
      - callTool: { name: execute_query, arguments: { query: SELECT 1 AS one } }
      - think: { min: 0.1, max: 0.3 }`,
  )
  .join('\n')}
`

/** Claude Desktop, Claude Code and Roo Code beside each other: more than 98 % of the calls of each succeed. */
async function mixedKinds(): Promise<void> {
  const directory = temporaryDirectory(onTestFinished)
  const report = join(directory, 'report')
  writeFileSync(join(directory, 'pack.yml'), mixedPack(server.url))
  const ended = await run('squall', ['run', join(directory, 'pack.yml'), '--report', report])
  expect([0, 5], ended.stdout + ended.stderr).toContain(ended.code)
  const { clientKinds } = readSummary(report)
  expect(Object.keys(clientKinds).toSorted()).toEqual(['claude_code', 'claude_desktop', 'roo_code'])
  for (const { calls, ok } of Object.values(clientKinds)) {
    expect(calls).toBeGreaterThan(50)
    expect(ok / calls).toBeGreaterThan(0.98)
  }
}

test('many clients: sessions of their own, fifty at once, none held up by another, connections shared, kinds mixed [T2]', async () => {
  await fiveSessions()
  await fiftySessions()
  await resourceIsolation()
  await multiplexing()
  const { calls, pool, sessions } = await server.status()
  expect([calls, pool.leased, sessions.open]).toEqual([{ inFlight: 0, queued: 0 }, 0, 0])
  await mixedKinds()
})
