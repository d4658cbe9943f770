import { z } from 'zod'
import { callKeys, compileCall } from './call-step.ts'
import { defineStep } from './step-type.ts'

/** Which tool, and what it gets. */
export const toolKeys = {
  name: z.string({ error: 'the name of a tool' }).min(1, { error: 'the name of a tool' }),
  arguments: z.record(z.string(), z.json(), { error: 'the arguments by their names' }).optional(),
}

const schema = z.strictObject({
  callTool: z.strictObject({
    ...toolKeys,
    /** Asks the server to say how far it is, and records how soon and how often it does. */
    progress: z.boolean({ error: 'true or false' }).optional(),
    ...callKeys,
  }),
})

/** Calls a tool; `match` and `capture` look at its result. */
export const callTool = defineStep<z.output<typeof schema>>({
  name: 'callTool',
  schema,
  makesCall: true,
  compile: ({ callTool: { name, arguments: args = {}, progress, ...keys } }, compiler, checks) =>
    compileCall({ method: 'tools/call', name, params: { arguments: args }, keys, wantsProgress: progress }, compiler, checks),
})
