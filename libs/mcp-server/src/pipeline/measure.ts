import type { Clock } from '@squall/time'
import type { ServerMetrics } from '../observe/metrics.ts'
import type { CallOutcome } from '../tool-result.ts'
import type { Stage } from './stage.ts'

/** The outermost stage: counts and times every call, whatever became of it. */
export function measureCalls(metrics: ServerMetrics, clock: Clock): Stage {
  return async (context, next) => {
    metrics.callStarted()
    let outcome: CallOutcome | undefined
    try {
      outcome = await next()
      return outcome
    } finally {
      metrics.callEnded({
        tool: context.tool,
        outcome: labelOf(outcome),
        clientType: context.caller.clientType,
        durationMs: clock.monotonicMs() - context.startedMs,
      })
    }
  }
}

/** What became of a call, as metrics tell it. */
export type OutcomeLabel = 'ok' | 'tool_error' | 'unknown_tool' | 'refused' | 'cancelled' | 'internal_error'

function labelOf(outcome: CallOutcome | undefined): OutcomeLabel {
  if (outcome === undefined) return 'internal_error'
  if (outcome.kind === 'answered') return outcome.result.isError === true ? 'tool_error' : 'ok'
  return outcome.kind === 'unknown-tool' ? 'unknown_tool' : outcome.kind
}
