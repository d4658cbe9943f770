import type { Clock } from '@squall/time'
import { labelOf, type EndedCall } from '../observe/call-record.ts'
import type { ServerMetrics } from '../observe/metrics/server-metrics.ts'
import type { CallOutcome } from '../tool-result.ts'
import type { Stage } from './stage.ts'

/**
 * The outermost stage: counts and times every call, whatever became of it.
 * @param onEnd told of each call when it has ended.
 */
export function measureCalls(metrics: ServerMetrics, clock: Clock, onEnd?: (call: EndedCall) => void): Stage {
  return async (context, next) => {
    metrics.callStarted()
    let outcome: CallOutcome | undefined
    try {
      outcome = await next()
      return outcome
    } finally {
      const code = outcome?.kind === 'refused' ? outcome.error.code : context.record.code
      const call = { context, outcome: labelOf(outcome), code, durationMs: clock.monotonicMs() - context.startedMs }
      context.record.hasEnded = true
      metrics.callEnded(call)
      onEnd?.(call)
    }
  }
}

/** The innermost stage: notes when a call was let run. What came before was waiting. */
export function noteAdmission(metrics: ServerMetrics, clock: Clock): Stage {
  return (context, next) => {
    const nowMs = clock.monotonicMs()
    context.record.admittedMs = nowMs
    metrics.callAdmitted(nowMs - context.startedMs)
    return next()
  }
}
