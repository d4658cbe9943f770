import type { Json } from '@squall/load-plan'
import { compileReplyChecks, replyCheckKeys } from '../reply-checks.ts'
import { compileJson } from '../templates/json-template.ts'
import { compileText } from '../templates/text-template.ts'
import type { CallSite, CompiledStep } from './step-type.ts'
import { z } from 'zod'

/** The keys every step that makes a call understands. */
export const callKeys = replyCheckKeys

/** The schema of a step that takes nothing but what looks at its answer: `{ ping: {} }`. */
export const bareCallSchema = z.strictObject(callKeys)

interface CallSiteParts {
  readonly method: string
  readonly name?: string
  readonly params: Json
  readonly keys: Parameters<typeof compileReplyChecks>[0]
}

/** A step that makes one call. */
export function compileCall({ method, name, params, keys }: CallSiteParts): CompiledStep {
  const site: CallSite = {
    method,
    params: compileJson(params),
    checks: compileReplyChecks(keys),
    ...(name === undefined ? {} : { name: compileText(name) }),
  }
  return (run) => run.call(site)
}
