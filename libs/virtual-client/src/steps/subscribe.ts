import { z } from 'zod'
import type { ReplyCheck } from '../reply-checks.ts'
import { compileText } from '../templates/text-template.ts'
import { callKeys, compileSite, guarded } from './call-step.ts'
import { type CompiledStep, defineStep, type FlowCompiler } from './step-type.ts'

const expected = 'the URI of a resource'
const target = z.strictObject({ uri: z.string({ error: expected }).min(1, { error: expected }), ...callKeys })
const subscribeSchema = z.strictObject({ subscribe: target })
const unsubscribeSchema = z.strictObject({ unsubscribe: target })

type Target = z.output<typeof target>

/** Hears of a resource's updates from now on: by a request in the legacy era, by the held stream in the newest. */
export const subscribe = defineStep<z.output<typeof subscribeSchema>>({
  name: 'subscribe',
  schema: subscribeSchema,
  makesCall: true,
  compile: ({ subscribe: step }, compiler, checks) => compile('resources/subscribe', step, compiler, checks),
})

/** Hears of them no more. */
export const unsubscribe = defineStep<z.output<typeof unsubscribeSchema>>({
  name: 'unsubscribe',
  schema: unsubscribeSchema,
  makesCall: true,
  compile: ({ unsubscribe: step }, compiler, checks) => compile('resources/unsubscribe', step, compiler, checks),
})

function compile(
  method: 'resources/subscribe' | 'resources/unsubscribe',
  { uri, ...keys }: Target,
  compiler: FlowCompiler,
  checks: readonly ReplyCheck[],
): CompiledStep {
  const site = compileSite({ method, params: { uri }, keys }, checks)
  const text = compileText(uri)
  return guarded(keys.ifTrue, compiler, (run) => run.subscribe(site, text.render(run), method === 'resources/subscribe'))
}
