import type { RequestContext } from '../request-context.ts'
import type { CallOutcome } from '../tool-result.ts'

/** One step every call goes through. It turns the call away by answering itself, or lets it pass by calling `next`. */
export type Stage = (context: RequestContext, next: () => Promise<CallOutcome>) => Promise<CallOutcome>

/** Joins stages, the first outermost, around what ends every chain. */
export function joinStages(
  stages: readonly Stage[],
  last: (context: RequestContext) => Promise<CallOutcome>,
): (context: RequestContext) => Promise<CallOutcome> {
  return stages.reduceRight<(context: RequestContext) => Promise<CallOutcome>>(
    (next, stage) => (context) => stage(context, () => next(context)),
    last,
  )
}
