import type { CallFailure, JsonObject, McpRequest } from '@squall/mcp-wire'
import type { CallSeries } from '@squall/metrics'
import type { Iteration, OneCall } from './iteration.ts'
import type { CallSite } from './steps/step-type.ts'
import type { TemplateScope } from './templates/template-scope.ts'

/** A call that a client waits for. */
export interface CallUnderWay {
  readonly site: CallSite
  readonly iteration: Iteration
  readonly request: McpRequest
  readonly series: CallSeries
  /** How often the session had begun to open when the call left. */
  readonly opening: number
  readonly instead: OneCall | undefined
}

/** A call that was cancelled as its step wanted did what it should. */
export const codeOf = ({ code }: CallFailure, { cancelAfter }: CallSite): string | undefined =>
  code === 'cancelled' && cancelAfter ? undefined : code

/** @returns which check of its step a result did not stand, if any. */
export function missedCheck(site: CallSite, result: JsonObject, scope: TemplateScope): string | undefined {
  for (const check of site.checks) {
    const missed = check(result, scope)
    if (missed !== undefined) return missed
  }
  return undefined
}
