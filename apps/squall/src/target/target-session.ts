import { CodedError } from '@squall/errors'
import { shownTarget, type LoadPlan } from '@squall/load-plan'
import {
  initializeRequest,
  modernVersion,
  newestLegacyVersion,
  type CallOutcome,
  type JsonObject,
  type McpConnection,
} from '@squall/mcp-wire'
import { squallErrors } from '../errors.ts'
import { connectForLook, lookerIdentity } from '../run/connect-for-look.ts'

/** A session with a target for somebody who looks around in it before there is load. */
export interface TargetSession {
  /** What the server calls itself; empty where it does not say. */
  readonly serverName: string
  /** @throws CodedError SQUALL_TARGET_SAYS_NO with the server's own words. */
  call(method: string, params: JsonObject): Promise<JsonObject>
  /** The same, where a failure is an answer too. */
  ask(method: string, params: JsonObject): Promise<CallOutcome>
}

/**
 * Opens a session as the clients of the plan's first scenario would, in the era the server speaks, and closes it after use.
 * @throws CodedError SQUALL_TARGET_SAYS_NO; the signal's reason.
 */
export async function withTargetSession<T>(
  plan: LoadPlan,
  signal: AbortSignal,
  use: (session: TargetSession) => Promise<T>,
): Promise<T> {
  const connection = connectForLook(plan)
  try {
    const serverName = await open(connection, plan, signal)
    const ask: TargetSession['ask'] = (method, params) => {
      const { name } = params
      return connection.request({ method, paramsJson: JSON.stringify(params), ...(typeof name === 'string' && { name }) }, signal)
    }
    return await use({
      serverName,
      ask,
      call: async (method, params) => expectResult(await ask(method, params), method, plan, signal),
    })
  } finally {
    await connection.close('end-session')
  }
}

/** The older way first: most servers speak it, and those that do not say so at once. */
async function open(connection: McpConnection, plan: LoadPlan, signal: AbortSignal): Promise<string> {
  const legacy = { era: 'legacy', protocolVersion: newestLegacyVersion } as const
  connection.speak(legacy)
  const opened = await connection.request(initializeRequest(lookerIdentity, legacy), signal)
  if (opened.ok) {
    await connection.notify('notifications/initialized', '{}', signal)
    return nameIn(opened.result)
  }
  connection.speak({ era: 'modern', protocolVersion: modernVersion })
  const discovered = await connection.request({ method: 'server/discover', paramsJson: '{}' }, signal)
  // What the older way met tells more where both fail.
  return nameIn(expectResult(discovered.ok ? discovered : opened, 'initialize', plan, signal))
}

function nameIn({ serverInfo }: JsonObject): string {
  const name = typeof serverInfo === 'object' && serverInfo !== null && 'name' in serverInfo ? serverInfo.name : ''
  return typeof name === 'string' ? name : ''
}

function expectResult(outcome: CallOutcome, method: string, { target }: LoadPlan, signal: AbortSignal): JsonObject {
  if (outcome.ok) return outcome.result
  signal.throwIfAborted()
  throw new CodedError(squallErrors.SQUALL_TARGET_SAYS_NO, {
    message: `${shownTarget(target)} does not answer ${method}: ${outcome.message} (${outcome.code})`,
  })
}
