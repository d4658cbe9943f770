import { z } from 'zod'
import { callKeys, compileCall } from './call-step.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({
  getPrompt: z.strictObject({
    name: z.string({ error: 'the name of a prompt' }).min(1, { error: 'the name of a prompt' }),
    arguments: z.record(z.string(), z.string(), { error: 'texts by the names of the arguments' }).optional(),
    ...callKeys,
  }),
})

/** Fetches one prompt, filled with arguments. */
export const getPrompt = defineStep<z.output<typeof schema>>({
  name: 'getPrompt',
  schema,
  makesCall: true,
  compile: ({ getPrompt: { name, arguments: args, ...keys } }, compiler, checks) =>
    compileCall({ method: 'prompts/get', name, params: args ? { arguments: args } : {}, keys }, compiler, checks),
})
