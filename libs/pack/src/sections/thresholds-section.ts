import { isProblem, parseThreshold, type AbortRule } from '@squall/load-plan'
import { z } from 'zod'
import { duration, trueOrFalse } from '../fields.ts'

export interface WrittenThreshold {
  readonly expression: string
  /** Ends the run early when the newest seconds break it. */
  readonly abort?: boolean | undefined
  /** In milliseconds. */
  readonly after?: number | undefined
}

/** A target gets this long before a threshold may end the run, and so many seconds are in the first judgement. */
const defaultAfterMs = 10_000
const expected = 'a threshold such as "p95<500ms", or { expression: "failed<50%", abort: true, after: 10s }'

const expression = z.string(expected).superRefine((text, context) => {
  const parsed = parseThreshold(text)
  if (isProblem(parsed)) context.addIssue({ code: 'custom', message: parsed.expected, params: { hint: parsed.hint } })
})

const written = z
  .strictObject({ expression, abort: trueOrFalse.optional(), after: duration.optional() }, expected)
  .superRefine(({ expression: text, abort }, context) => {
    if (abort !== true || !growsIntoKeeping(text)) return
    const message = 'with abort: true, no lower bound of a total: it is broken until the run has got there'
    context.addIssue({ code: 'custom', path: ['abort'], message })
  })

/** Whether a run breaks it at first and keeps to it later: a lower bound of what only grows. */
function growsIntoKeeping(text: string): boolean {
  const parsed = parseThreshold(text)
  if (isProblem(parsed)) return false
  const { metric, comparison } = parsed
  return totals.has(metric.type) && (comparison === '>' || comparison === '>=')
}

const totals: ReadonlySet<string> = new Set(['calls', 'failedCount', 'droppedStarts'])

// Not a union: of that, Zod would only say that neither fits.
const threshold = z.unknown().transform((value, context): WrittenThreshold => {
  const read = typeof value === 'object' ? written.safeParse(value) : expression.safeParse(value)
  if (read.success) return typeof read.data === 'string' ? { expression: read.data } : read.data
  for (const issue of read.error.issues) context.addIssue(toCustomIssue(issue))
  return z.NEVER
})

function toCustomIssue(issue: z.core.$ZodIssue) {
  if (issue.code === 'unrecognized_keys')
    return { code: 'custom' as const, message: 'one of the keys expression, abort, after', path: [...issue.path, ...issue.keys] }
  const params = issue.code === 'custom' && issue.params !== undefined ? { params: issue.params } : {}
  return { code: 'custom' as const, message: issue.message, path: [...issue.path], ...params }
}

/** What a run must keep to. One threshold alone needs no list. */
export const thresholds: z.ZodType<readonly WrittenThreshold[]> = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(threshold, 'a list of thresholds such as "p95<500ms"'),
)

/** The thresholds as a plan has them: all of them, and which of them end the run. */
export function toThresholds(list: readonly WrittenThreshold[]): {
  readonly thresholds: string[]
  readonly aborts?: AbortRule[]
} {
  const aborts = list.filter(({ abort }) => abort === true)
  return {
    thresholds: list.map(({ expression }) => expression),
    ...(aborts.length > 0 && {
      aborts: aborts.map(({ expression, after = defaultAfterMs }) => ({ expression, afterMs: after })),
    }),
  }
}
