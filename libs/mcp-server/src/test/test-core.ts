// A server core over a scripted Snowflake, for unit tests.
import { FakeClock, type Clock } from '@squall/time'
import {
  createServerCore,
  type CallOutcome,
  type Caller,
  type Connections,
  type ServerCore,
  type ServerCoreOptions,
} from '../index.ts'
import { firstWordGate } from './scripted-snowflake.ts'

export const testInfo = { name: 'test-server', title: 'Test', version: '1.2.3' }

const noLimits = { rates: [], queryRates: [], quotas: [], queryQuotas: [] }

export const testLimits: ServerCoreOptions['limits'] = {
  queryTimeoutMs: 1000,
  maxRows: 10_000,
  maxResultBytes: 100_000,
  maxCellChars: 10_000,
  maxPagedRows: 100_000,
  maxBackgroundQueries: 2,
  backgroundTimeoutMs: 600_000,
  maxConcurrent: 100,
  maxQueued: 100,
  queueTimeoutMs: 1000,
  acquireTimeoutMs: 1000,
  rates: { perClient: noLimits, total: noLimits },
  breaker: {
    failuresInARow: 5,
    failureRatio: 0.5,
    fewestCalls: 20,
    windowMs: 10_000,
    openMs: 1000,
    longestOpenMs: 30_000,
    probes: 1,
    successesToClose: 1,
  },
  maxSessions: 100,
  maxSessionsPerPrincipal: 100,
  sessionIdleTtlMs: 60_000,
}

export interface TestCore extends ServerCore {
  readonly bugs: unknown[]
}

export function testCore(connections: Connections, options: Partial<ServerCoreOptions> & { clock?: Clock } = {}): TestCore {
  const bugs: unknown[] = []
  const core = createServerCore({
    clock: new FakeClock(),
    connections,
    checkReadOnly: firstWordGate,
    backend: { kind: 'embedded', account: 'LOCAL', state: () => 'up', detail: () => 'scripted' },
    limits: testLimits,
    onBug: (error) => bugs.push(error),
    ...options,
  })
  return { ...core, bugs }
}

const stdioCaller: Caller = { transport: 'stdio', clientType: 'unknown' }

/** Calls a tool as a client on stdio would. */
export function callTool(core: ServerCore, tool: string, args?: unknown, signal?: AbortSignal): Promise<CallOutcome> {
  const canceller = new AbortController()
  if (signal?.aborted === true) canceller.abort(signal.reason)
  signal?.addEventListener('abort', () => canceller.abort(signal.reason), { once: true })
  return core.call({ tool, arguments: args, caller: stdioCaller, canceller })
}

/** The text of an answer with the request id, which differs every time, replaced. */
export function textOf(outcome: CallOutcome): string {
  if (outcome.kind !== 'answered') throw new Error(`expected an answer, got ${JSON.stringify(outcome)}`)
  return (outcome.result.content[0]?.text ?? '').replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, '<id>')
}
