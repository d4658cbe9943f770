import type { Json } from '@squall/load-plan'
import { z } from 'zod'
import { compileReplyChecks, replyCheckKeys } from '../reply-checks.ts'
import { compileJson } from '../templates/json-template.ts'
import { compileText } from '../templates/text-template.ts'
import type { CompiledStep } from './step-type.ts'

/** The keys every step that makes a call understands. */
export const callKeys = {
  ...replyCheckKeys,
  /** Judged by Artillery's plugin of that name, which checks its contents itself. */
  expect: z.json().optional(),
}

/** The schema of a step that takes nothing but what looks at its answer: `{ ping: {} }`. */
export const bareCallSchema = z.strictObject(callKeys)

interface CallParts {
  readonly method: string
  /** The tool, the prompt or the resource. */
  readonly name?: string
  readonly params: Json
  readonly keys: Parameters<typeof compileReplyChecks>[0] & { readonly expect?: Json | undefined }
}

/** A step that makes one call. */
export function compileCall({ method, name, params: paramsTree, keys }: CallParts): CompiledStep {
  const params = compileJson(paramsTree)
  const naming = name === undefined ? {} : { name: compileText(name) }
  const isFixed = params.fixed !== undefined && (name === undefined || naming.name?.fixed !== undefined)
  const request = { method, paramsJson: params.fixed ?? '', ...(name !== undefined && { name }) }
  const { expect, ...checked } = keys
  const site = {
    method,
    params,
    checks: compileReplyChecks(checked),
    ...naming,
    ...(isFixed && { fixedRequest: request }),
    ...(expect !== undefined && { expect }),
  }
  return (run) => run.call(site)
}
