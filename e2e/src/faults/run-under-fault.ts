// Load by `squall run` on the real server, while its Snowflake fails.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { temporaryDirectory } from '@squall/testing'
import { onTestFinished } from 'vitest'
import { start } from '../support/programs.ts'
import { readSummary, type Summary } from '../support/reports.ts'
import { ServerCounts } from '../support/server-counts.ts'
import { startSnowflakeMcp } from '../support/servers.ts'
import { startSnowflakeLocal } from '../support/local-snowflake.ts'
import { atRest, readCounters, type Counters } from './counters.ts'
import { usualLatency, type FaultCase } from './fault-cases.ts'
import type { Sample } from './told-texts.ts'
import { untilEqual } from './until-equal.ts'
import { reviewTimeline, type Review, type Second } from './review-timeline.ts'

/** How long load is on before the fault and after its end. */
export interface Timing {
  readonly beforeMs: number
  readonly afterMs: number
}

export interface Outcome {
  readonly summary: FaultSummary
  readonly review: Review
  readonly before: Counters
  readonly after: Counters
  /** From the end of the load until the counters were at rest again. */
  readonly settledMs: number
}

/** What is looked at of a report, beside what all tests look at. */
export interface FaultSummary extends Summary {
  readonly run: Summary['run'] & { readonly startedAt: string }
  readonly timeline: readonly Second[]
  readonly samples: readonly Sample[]
}

const clients = 20
const poolSize = 8

const pack = (seconds: number): string => `
config:
  target: http://127.0.0.1:1/mcp
  engines: { mcp: {} }
  squall: { clients: ${clients}, spawnRate: ${clients}, duration: ${seconds}s, thresholds: ['calls>0'] }
scenarios:
  - engine: mcp
    flow:
      - callTool: { name: execute_query, arguments: { query: 'SELECT COUNT(*) FROM TEST_DB.PUBLIC.CUSTOMERS' } }
      - think: 0.2
      - callTool: { name: list_views, arguments: { database: TEST_DB } }
      - think: 0.2
`

/** Strikes a server under load with a fault, and looks at what came of it. Everything it starts ends with the test. */
export async function runUnderFault(fault: FaultCase, { beforeMs, afterMs }: Timing): Promise<Outcome> {
  const snowflake = await startSnowflakeLocal(['--latency', usualLatency])
  onTestFinished(() => snowflake.stop())
  // The pool is as large as it may be from the start, so that it must be so again in the end.
  const size = ['--pool-min', `${poolSize}`, '--pool-max', `${poolSize}`]
  const { url } = await startSnowflakeMcp([...size, '--log-level', 'error'], { env: snowflake.env })
  const counters = (): Promise<Counters> => readCounters(url, snowflake)
  const { value: before } = await untilEqual(counters, atRest(poolSize))

  const directory = temporaryDirectory(onTestFinished)
  const file = join(directory, 'pack.yml')
  const report = join(directory, 'report')
  writeFileSync(file, pack(Math.ceil((beforeMs + fault.lastsMs + afterMs) / 1000)))
  const running = start('squall', ['run', file, '--target', url, '--report', report, '--quiet'])
  // A run that does not start ends, and has no report to read.
  await Promise.race([
    untilCalled(url),
    running.ended.then(({ stderr }) => {
      throw new Error(stderr)
    }),
  ])
  await pause(beforeMs)
  const beganAtMs = Date.now()
  await fault.begin(snowflake)
  await pause(fault.lastsMs)
  const endedAtMs = Date.now()
  await fault.end?.(snowflake)
  await running.ended

  // The schema was checked.
  const summary = readSummary(report) as FaultSummary
  const toSecond = (atMs: number): number => (atMs - Date.parse(summary.run.startedAt)) / 1000
  const review = reviewTimeline(summary.timeline, toSecond(beganAtMs), toSecond(endedAtMs))
  const { value: after, tookMs: settledMs } = await untilEqual(counters, before)
  return { summary, review, before, after, settledMs }
}

/** Resolves when the first calls have ended: load is on. */
async function untilCalled(url: string): Promise<void> {
  const counts = new ServerCounts(url)
  while (!(await counts.samples()).some(isCalled)) await pause(50)
}

const isCalled = ({ name, value }: { readonly name: string; readonly value: number }): boolean =>
  name === 'mcp_requests_total' && value > 0
