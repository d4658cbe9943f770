import type { Json } from '@squall/load-plan'
import { z } from 'zod'
import type { DurationRange } from '../duration.ts'
import { compileReplyChecks, type ReplyCheck, replyCheckKeys } from '../reply-checks.ts'
import { compileJson } from '../templates/json-template.ts'
import { compileText } from '../templates/text-template.ts'
import { conditionSchema } from './condition-schema.ts'
import type { CallSite, CompiledStep, FlowCompiler } from './step-type.ts'

/** The keys every step that makes a call understands. */
export const callKeys = {
  ...replyCheckKeys,
  /** The call is made only where it holds, as in Artillery's requests. */
  ifTrue: conditionSchema.optional(),
  /** Judged by Artillery's plugin of that name, which checks its contents itself. */
  expect: z.json().optional(),
}

/** The schema of a step that takes nothing but what looks at its answer: `{ ping: {} }`. */
export const bareCallSchema = z.strictObject(callKeys)

interface CallParts {
  readonly method: string
  /** The tool, the prompt or the resource. */
  readonly name?: string
  /** Where the name stands in the parameters; `name` unless told. */
  readonly nameKey?: 'uri'
  /** Without the name. */
  readonly params: Readonly<Record<string, Json>>
  readonly keys: Parameters<typeof compileReplyChecks>[0] & {
    readonly expect?: Json | undefined
    readonly ifTrue?: string | undefined
  }
  readonly wantsProgress?: boolean | undefined
  readonly cancelAfter?: DurationRange
}

/** A step that makes one call. */
export function compileCall(parts: CallParts, compiler: FlowCompiler, checks: readonly ReplyCheck[]): CompiledStep {
  const site = compileSite(parts, checks)
  return guarded(parts.keys.ifTrue, compiler, (run) => run.call(site))
}

/** A step that runs only where a condition holds, if there is one. */
export function guarded(condition: string | undefined, compiler: FlowCompiler, step: CompiledStep): CompiledStep {
  if (condition === undefined) return step
  const holds = compiler.condition(condition)
  return (run) => (holds(run.variables) ? step(run) : undefined)
}

/** @param further what looks at the answer besides the step's own keys. */
export function compileSite(parts: CallParts, further: readonly ReplyCheck[]): CallSite {
  const { method, name, nameKey = 'name', keys, wantsProgress = false, cancelAfter } = parts
  const compiledName = name === undefined ? undefined : compileText(name)
  const isNameFixed = compiledName?.fixed !== undefined
  const params = compileJson({ ...(isNameFixed && { [nameKey]: compiledName.fixed }), ...parts.params })
  const isFixed = params.fixed !== undefined && (name === undefined || isNameFixed) && !cancelAfter
  const request = {
    method,
    paramsJson: params.fixed ?? '',
    ...(name !== undefined && { name }),
    ...(wantsProgress && { wantsProgress }),
  }
  return {
    method,
    params,
    checks: [...compileReplyChecks(keys), ...further],
    ...(compiledName && { name: compiledName }),
    ...(compiledName && !isNameFixed && { nameKey }),
    ...(isFixed && { fixedRequest: request }),
    ...(keys.expect !== undefined && { expect: keys.expect }),
    ...(wantsProgress && { wantsProgress }),
    ...(cancelAfter && { cancelAfter }),
  }
}
