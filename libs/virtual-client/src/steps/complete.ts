import type { Json } from '@squall/load-plan'
import { z } from 'zod'
import { callKeys, compileCall } from './call-step.ts'
import { defineStep } from './step-type.ts'

const name = (expected: string): z.ZodType<string> => z.string({ error: expected }).min(1, { error: expected })

const schema = z.strictObject({
  complete: z
    .strictObject({
      prompt: name('the name of a prompt').optional(),
      resource: name('the URI template of a resource').optional(),
      argument: z.strictObject({ name: name('the name of an argument'), value: z.string({ error: 'what is typed so far' }) }),
      ...callKeys,
    })
    .refine(({ prompt, resource }) => (prompt === undefined) !== (resource === undefined), {
      error: 'one of prompt and resource',
    }),
})

/** Asks how an argument of a prompt or of a resource template may go on. */
export const complete = defineStep<z.output<typeof schema>>({
  name: 'complete',
  schema,
  makesCall: true,
  compile: ({ complete: { prompt, resource = '', argument, ...keys } }, compiler, checks) => {
    const ref: Json = prompt === undefined ? { type: 'ref/resource', uri: resource } : { type: 'ref/prompt', name: prompt }
    return compileCall({ method: 'completion/complete', params: { ref, argument }, keys }, compiler, checks)
  },
})
