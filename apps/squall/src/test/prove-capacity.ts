// `npm run prove`: real searches on servers whose limits are known, and on the Snowflake MCP server with pools of 2, 4 and 8.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Capacity } from '@squall/report'
import { LimitedServer, temporaryDirectory, type ServerLimits } from '@squall/testing'
import { askPlainly } from './plain-clients.ts'

interface KnownServer {
  readonly name: string
  readonly limits: ServerLimits
  /** Clients it carries at a p95 of 400 ms and 1 % failed, by arithmetic. */
  readonly truth: number
  /** What may be named as the bound: the right cause, or that it is not known. */
  readonly causes: readonly string[]
}

const servers: readonly KnownServer[] = [
  { name: 'eight slots of 100 ms', limits: { slots: 8, serviceMs: 100 }, truth: 32, causes: ['pool'] },
  { name: 'a lock of 21 ms', limits: { slots: 1000, serviceMs: 60, lockMs: 21 }, truth: 19, causes: ['unknown'] },
  {
    name: 'agreeing, 5 ms with each other client',
    limits: { slots: 1000, serviceMs: 100, agreeingMs: 5 },
    truth: 61,
    causes: ['unknown'],
  },
  {
    name: 'memory used up by 48 clients',
    limits: { slots: 1000, serviceMs: 100, cliffAt: 48, cliffFactor: 10 },
    truth: 48,
    causes: ['unknown', 'server-memory'],
  },
  { name: '100 calls a second', limits: { slots: 1000, serviceMs: 250, ratePerSecond: 100 }, truth: 25, causes: ['rate-limit'] },
]

const program = fileURLToPath(new URL('../../bin/squall', import.meta.url))
using cleanUp = new DisposableStack()
const directory = temporaryDirectory((remove) => cleanUp.defer(remove))

const pack = (call: string): string => `config:
  target: http://127.0.0.1:1/mcp
  engines: { mcp: {} }
  squall: { model: closed, clients: 1, spawnRate: 100, duration: 10s, target: embedded }
scenarios:
  - engine: mcp
    mcp: { clientKind: http_client }
    flow: [{ callTool: ${call} }]
`

/** Searches as a user would, and reads what was found. */
async function search(
  name: string,
  call: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Capacity> {
  const place = join(directory, name.replaceAll(/\W+/g, '-'))
  const packFile = `${place}.yml`
  writeFileSync(packFile, pack(call))
  const times = ['--settle', '3s', '--steady', '9s', '--confirm', '15s', '--quiet']
  const child = spawn(program, ['capacity', packFile, ...times, '--report', place, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  })
  await once(child, 'exit')
  return JSON.parse(readFileSync(join(place, 'capacity.json'), 'utf8')) as Capacity
}

function say(name: string, holds: boolean, text: string): void {
  console.log(`${name}: ${text}: ${holds ? 'holds' : 'DOES NOT HOLD'}`)
  if (!holds) process.exitCode = 1
}

async function proveKnownServers(): Promise<void> {
  for (const { name, limits, truth, causes } of servers) {
    await using server = await LimitedServer.start(limits)
    const { maximum, bound } = await search(name, '{ name: work }', ['--slo', 'p95<400ms,failed<1%', '--target', server.url])
    const { load = 0, interval = [0, 0] } = maximum ?? {}
    const carried = await carriedByPlainClients(server.url, load)
    const isRight = Math.abs(load - carried) <= carried / 10 && interval[0] <= carried && carried <= interval[1]
    say(
      name,
      isRight && Math.abs(load - truth) <= truth / 10 && causes.includes(bound.by),
      `${truth} by arithmetic, ${carried} by plain clients, found ${load} (${interval.join('–')}), bound by ${bound.by}`,
    )
  }
}

/** The most clients that keep the objective in two of three windows, as others than Squall see it; arithmetic knows no timer that rings late. */
async function carriedByPlainClients(url: string, found: number): Promise<number> {
  for (let clients = found + 4; clients > 1; clients -= 1) {
    let kept = 0
    for (let window = 0; window < 3; window += 1) {
      const { p95Ms, failedRatio } = await askPlainly(url, clients, 6000)
      if (p95Ms < 400 && failedRatio < 0.01) kept += 1
    }
    if (kept >= 2) return clients
  }
  return 1
}

/** The prediction for the largest pool from what the two smaller ones carry, and what it carries. */
async function provePools(): Promise<void> {
  const found: Capacity[] = []
  for (const size of [2, 4, 8]) {
    const env = { SNOWFLAKE_POOL_MIN_SIZE: String(size), SNOWFLAKE_POOL_MAX_SIZE: String(size), SNOWFLAKE_LOCAL_LATENCY: '100ms' }
    const call = "{ name: execute_query, arguments: { query: 'SELECT 1' } }"
    const capacity = await search(`pool-${size}`, call, ['--slo', 'p95<1s,failed<1%'], env)
    found.push(capacity)
    const { load = 0, interval = [0, 0] } = capacity.maximum ?? {}
    say(
      `snowflake-mcp, pool of ${size}`,
      capacity.bound.by === 'pool',
      `${load} clients (${interval.join('–')}), bound by ${capacity.bound.by}`,
    )
  }
  const [two = 0, four = 0, eight = 0] = found.map(({ maximum }) => maximum?.load ?? 0)
  const forecasts = [...(found[0]?.pools ?? []), ...(found[1]?.pools ?? [])].filter(({ poolSize }) => poolSize === 8)
  const predicted = forecasts.reduce((sum, { clients }) => sum + clients, 0) / Math.max(1, forecasts.length)
  const error = Math.abs(predicted - eight) / Math.max(1, eight)
  say(
    'the forecast for a pool of 8',
    error <= 0.2,
    `${predicted} from ${two} and ${four}, found ${eight}, off by ${Math.round(error * 100)} %`,
  )
}

await proveKnownServers()
await provePools()
