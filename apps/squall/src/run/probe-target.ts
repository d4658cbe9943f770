import type { ProbeResult } from '@squall/controller'
import type { LoadPlan } from '@squall/load-plan'
import { initializeRequest, modernVersion, newestLegacyVersion, type CallFailure, type Dialect } from '@squall/mcp-wire'
import { connectForLook, lookerIdentity } from './connect-for-look.ts'

const dialects: Readonly<Record<Dialect['era'], Dialect>> = {
  legacy: { era: 'legacy', protocolVersion: newestLegacyVersion },
  modern: { era: 'modern', protocolVersion: modernVersion },
}

/** Speaks to the target once in each of MCP's two ways, as the first scenario's clients would, until one is understood. */
export async function probeTarget(plan: LoadPlan, signal: AbortSignal): Promise<ProbeResult> {
  const failures: CallFailure[] = []
  for (const era of ['legacy', 'modern'] as const) {
    const failure = await ask(plan, dialects[era], signal)
    if (failure === undefined) return { type: 'mcp' }
    signal.throwIfAborted()
    failures.push(failure)
    if (isFinal(failure)) break
  }
  return toResult(failures, plan)
}

/** @returns why the target is no MCP server of this era; undefined where it is one. */
async function ask(plan: LoadPlan, dialect: Dialect, signal: AbortSignal): Promise<CallFailure | undefined> {
  const connection = connectForLook(plan)
  try {
    connection.speak(dialect)
    const request =
      dialect.era === 'legacy' ? initializeRequest(lookerIdentity, dialect) : { method: 'server/discover', paramsJson: '{}' }
    const outcome = await connection.request(request, signal)
    return outcome.ok || outcome.code.startsWith('rpc.') ? undefined : outcome
  } finally {
    await connection.close('end-session')
  }
}

/** Where nobody listens, and where nobody is let in, another way of speaking changes nothing. */
const isFinal = ({ code }: CallFailure): boolean => code.startsWith('transport.') || isRefusal(code)

const isRefusal = (code: string): boolean => code === 'http.401' || code === 'http.403' || code === 'auth.refused'

function toResult(failures: readonly CallFailure[], plan: LoadPlan): ProbeResult {
  const last = failures.at(-1)
  const detail = describe(failures[0] ?? last)
  if (last === undefined) return { type: 'unreachable', detail }
  if (mayWantCertificate(last, plan)) return { type: 'insecure', detail: `${describe(last)}; ${certificateWanted}` }
  if (last.code === 'transport.tls') return { type: 'insecure', detail: describe(last) }
  if (last.code.startsWith('transport.')) return { type: 'unreachable', detail: describe(last) }
  return { type: isRefusal(last.code) ? 'refused' : 'not-mcp', detail }
}

/** In TLS 1.3 the refusal comes after the handshake, and often only as a closed connection. */
const mayWantCertificate = ({ code }: CallFailure, { target, tls }: LoadPlan): boolean =>
  code === 'transport.reset' && target.startsWith('https:') && tls?.cert === undefined

const certificateWanted = 'a server that wants a certificate of its clients closes the connection like that'

const describe = (failure: CallFailure | undefined): string =>
  failure === undefined ? 'no answer' : `${failure.message} (${failure.code})`
