import type { ProbeResult } from '@squall/controller'
import type { ClientPlan, LoadPlan } from '@squall/load-plan'
import {
  initializeRequest,
  modernVersion,
  newestLegacyVersion,
  StdioConnection,
  StreamableHttpConnection,
  type CallFailure,
  type CallOutcome,
  type ClientIdentity,
  type Dialect,
  type McpConnection,
} from '@squall/mcp-wire'
import { systemClock } from '@squall/time'

const identity: ClientIdentity = { clientInfo: { name: 'squall', version: '0.0.0' }, capabilities: {} }
/** A server that starts its database first may be slow, but a person is waiting. */
const probeTimeoutMs = 10_000

const dialects: Readonly<Record<Dialect['era'], Dialect>> = {
  legacy: { era: 'legacy', protocolVersion: newestLegacyVersion },
  modern: { era: 'modern', protocolVersion: modernVersion },
}

/** Speaks to the target once in each of MCP's two ways, until one is understood. */
export async function probeTarget(plan: LoadPlan, signal: AbortSignal): Promise<ProbeResult> {
  const client = plan.scenarios[0]?.client
  const failures: CallFailure[] = []
  for (const era of ['legacy', 'modern'] as const) {
    const outcome = await ask(plan.target, client, dialects[era], signal)
    if (outcome.ok || outcome.code.startsWith('rpc.')) return { type: 'mcp' }
    signal.throwIfAborted()
    failures.push(outcome)
    if (isFinal(outcome)) break
  }
  return toResult(failures)
}

async function ask(target: string, client: ClientPlan | undefined, dialect: Dialect, signal: AbortSignal): Promise<CallOutcome> {
  const connection = connect(target, client, dialect)
  try {
    const request =
      dialect.era === 'legacy' ? initializeRequest(identity, dialect) : { method: 'server/discover', paramsJson: '{}' }
    return await connection.request(request, signal)
  } finally {
    await connection.close('end-session')
  }
}

function connect(target: string, client: ClientPlan | undefined, dialect: Dialect): McpConnection {
  const common = { clock: systemClock, identity, dialect, requestTimeoutMs: probeTimeoutMs, firstRequestId: 0 } as const
  if (client?.transport === 'stdio') return new StdioConnection(target, common)
  const headers = lowerCased(client?.headers ?? {})
  return new StreamableHttpConnection(target, {
    ...common,
    headers,
    keepAlive: false,
    echoesSession: true,
    sendsVersionHeader: true,
  })
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

/** Where nobody listens, and where nobody is let in, another way of speaking changes nothing. */
const isFinal = ({ code }: CallFailure): boolean => code.startsWith('transport.') || isRefusal(code)
const isRefusal = (code: string): boolean => code === 'http.401' || code === 'http.403'

function toResult(failures: readonly CallFailure[]): ProbeResult {
  const last = failures.at(-1)
  const detail = describe(failures[0] ?? last)
  if (last === undefined) return { type: 'unreachable', detail }
  if (last.code.startsWith('transport.')) return { type: 'unreachable', detail: describe(last) }
  return { type: isRefusal(last.code) ? 'refused' : 'not-mcp', detail }
}

const describe = (failure: CallFailure | undefined): string =>
  failure === undefined ? 'no answer' : `${failure.message} (${failure.code})`
