import { z } from 'zod'
import { callKeys, compileCall } from './call-step.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({
  callTool: z.strictObject({
    name: z.string({ error: 'the name of a tool' }).min(1, { error: 'the name of a tool' }),
    arguments: z.record(z.string(), z.json(), { error: 'the arguments by their names' }).optional(),
    ...callKeys,
  }),
})

/** Calls a tool; `match` and `capture` look at its result. */
export const callTool = defineStep<z.output<typeof schema>>({
  name: 'callTool',
  schema,
  compile: ({ callTool: { name, arguments: args = {}, ...keys } }) =>
    compileCall({ method: 'tools/call', name, params: { name, arguments: args }, keys }),
})
