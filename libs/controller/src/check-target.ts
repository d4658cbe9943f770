import { CodedError, type ErrorDefinition } from '@squall/errors'
import { shownTarget } from '@squall/load-plan'
import { controllerErrors } from './errors.ts'

/** What was found at a target by speaking to it once, before any load. */
export type ProbeResult =
  | { readonly type: 'mcp' }
  /** `detail` is what a person should know: the system's own error, or what was answered. */
  | { readonly type: 'unreachable' | 'insecure' | 'not-mcp' | 'refused'; readonly detail: string }

/** Speaks MCP to the target once. */
export type TargetProbe = (target: string, signal: AbortSignal) => Promise<ProbeResult>

const failures: Readonly<Record<Exclude<ProbeResult['type'], 'mcp'>, { error: ErrorDefinition; says: string }>> = {
  unreachable: { error: controllerErrors.CONTROLLER_TARGET_UNREACHABLE, says: 'cannot be reached' },
  insecure: { error: controllerErrors.CONTROLLER_TARGET_INSECURE, says: 'cannot be reached securely' },
  'not-mcp': { error: controllerErrors.CONTROLLER_TARGET_NOT_MCP, says: 'answers, but is not an MCP server' },
  refused: { error: controllerErrors.CONTROLLER_TARGET_REFUSED, says: 'does not let this client in' },
}

/**
 * Makes sure that load would reach an MCP server.
 * @throws CodedError CONTROLLER_TARGET_UNREACHABLE, CONTROLLER_TARGET_INSECURE, CONTROLLER_TARGET_NOT_MCP, CONTROLLER_TARGET_REFUSED
 */
export async function checkTarget(target: string, probe: TargetProbe, signal: AbortSignal): Promise<void> {
  const found = await probe(target, signal)
  if (found.type === 'mcp') return
  const { error, says } = failures[found.type]
  throw new CodedError(error, { message: `${shownTarget(target)} ${says}: ${found.detail}` })
}
