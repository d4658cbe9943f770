import { expect, test } from 'vitest'
import { readSigns } from './metric-signs.ts'
import { parsePrometheus } from './parse-prometheus.ts'

/** Readings over ten seconds, with two calls a second. */
const signs = (...texts: readonly string[]) => readSigns({ readings: texts.map(parsePrometheus), seconds: 10, callsPerSecond: 2 })

test("our own server's metrics", () => {
  const first =
    'mcp_event_loop_active_seconds_total 5\nmcp_event_loop_idle_seconds_total 5\nmcp_connection_acquisition_seconds_sum 1\nmcp_connection_acquisition_seconds_count 10'
  const last = [
    'mcp_event_loop_active_seconds_total 14',
    'mcp_event_loop_idle_seconds_total 6',
    'mcp_connection_acquisition_seconds_sum 3',
    'mcp_connection_acquisition_seconds_count 30',
    'mcp_connection_pool_leased 6',
    'mcp_connection_pool_max 8',
    'process_resident_memory_bytes 50',
    'mcp_memory_limit_bytes 200',
  ].join('\n')
  expect(signs(first, last)).toEqual({
    cpuUse: 0.9,
    memoryUse: 0.25,
    residentBytes: 50,
    poolUse: 0.75,
    poolSize: 8,
    poolWaitMs: 100,
  })
})

const loop = (active: number, cpu: number): string =>
  `mcp_event_loop_active_seconds_total ${active}\nmcp_event_loop_idle_seconds_total 0\nprocess_cpu_seconds_total ${cpu}`

test('an event loop that others keep from its core is not what is used up', () => {
  expect(signs(loop(0, 1), loop(10, 4))).toEqual({ cpuUse: 0.3 })
  expect(signs(loop(0, 1), loop(10, 14))).toEqual({ cpuUse: 1 })
})

test.each([
  [
    'Node',
    'nodejs_version_info{version="v24"} 1\nprocess_cpu_seconds_total 2',
    'nodejs_version_info 1\nprocess_cpu_seconds_total 7',
    0.5,
  ],
  ['Python', 'python_info 1\nprocess_cpu_seconds_total 2', 'python_info 1\nprocess_cpu_seconds_total 7', 0.5],
  [
    'Go',
    'process_cpu_seconds_total 2\ngo_sched_gomaxprocs_threads 4',
    'process_cpu_seconds_total 22\ngo_sched_gomaxprocs_threads 4',
    0.5,
  ],
  ['the JVM', 'process_cpu_usage 0.1', 'process_cpu_usage 0.5', 0.5],
])('processor time of %s', (_what, first, last, expected) => {
  expect(signs(first, last)).toEqual({ cpuUse: expected })
})

const timesOf = (statements: number, seconds: number): string =>
  ['mcp_query_duration_seconds', 'mcp_connection_lease_seconds', 'mcp_snowflake_queued_seconds']
    .map((name) => `${name}_sum ${seconds}\n${name}_count ${statements}`)
    .join('\n')

const poolOf = (used: number): string => `hikaricp_connections_active ${used}\nhikaricp_connections_max 8`

test('times are shared out among all calls, be there fewer statements than calls or more', () => {
  expect(signs(timesOf(0, 0), timesOf(10, 2))).toEqual({
    poolHeldSeconds: 0.1,
    warehouseQueueMs: 200,
    warehouseRunMs: 100,
  })
  expect(signs(timesOf(0, 0), timesOf(40, 2))).toMatchObject({ poolHeldSeconds: 0.1, warehouseQueueMs: 50, warehouseRunMs: 100 })
})

test('use of a pool is what it was on average, not at the last look', () => {
  expect(signs(poolOf(8), poolOf(8), '', poolOf(2))).toEqual({ poolUse: 0.75, poolSize: 8 })
})

test('counters that went back, as those of a restarted target do, and pools of no size say nothing', () => {
  expect(signs('python_info 1\nprocess_cpu_seconds_total 9', 'python_info 1\nprocess_cpu_seconds_total 1')).toEqual({})
  expect(signs('', 'hikaricp_connections_active 3\nhikaricp_connections_max 0')).toEqual({ poolSize: 0 })
  expect(signs('', '')).toEqual({})
})
