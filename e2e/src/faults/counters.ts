import type { LocalSnowflake } from '../support/local-snowflake.ts'
import { ServerCounts } from '../support/server-counts.ts'

/** What is open or under way: at rest the same before and after whatever happened, or something leaks. */
export type Counters = Readonly<Record<string, number>>

const gauges = {
  mcp_connection_pool_size: 'sessions in the pool',
  mcp_connection_pool_leased: 'sessions lent to calls',
  mcp_connection_pool_waiting: 'calls waiting for a session',
  mcp_concurrent_requests: 'calls in flight',
  mcp_queued_requests: 'calls queued',
  mcp_multiplexer_clients: 'clients with a lease or a wait',
  mcp_client_sessions: 'client sessions',
} as const

/** All of them where nothing is under way. */
export const atRest = (poolSize: number): Counters => ({
  ...Object.fromEntries(Object.values(gauges).map((words) => [words, 0])),
  [gauges.mcp_connection_pool_size]: poolSize,
  ...ofSnowflake(poolSize, 0, 0),
})

/** The server's own gauges from `/metrics`, beside what the embedded Snowflake counts. */
export async function readCounters(mcpUrl: string, snowflake: LocalSnowflake): Promise<Counters> {
  const samples = await new ServerCounts(mcpUrl).samples()
  const total = (wanted: string): number =>
    samples.filter(({ name }) => name === wanted).reduce((sum, { value }) => sum + value, 0)
  const ofServer = Object.entries(gauges).map(([name, words]) => [words, total(name)] as const)
  const { sessions, statements } = await snowflake.state()
  return { ...Object.fromEntries(ofServer), ...ofSnowflake(sessions.open, statements.running, statements.queued) }
}

const ofSnowflake = (open: number, running: number, queued: number): Counters => ({
  'sessions open in Snowflake': open,
  'statements running in Snowflake': running,
  'statements queued in Snowflake': queued,
})
