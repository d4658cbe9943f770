import { z } from 'zod'
import { durationSchema } from '../duration.ts'
import { callKeys, compileCall } from './call-step.ts'
import { toolKeys } from './call-tool.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({ cancel: z.strictObject({ ...toolKeys, after: durationSchema, ...callKeys }) })

/** Calls a tool and loses interest after a time. A call that is cancelled as wanted is no failure; an answer that comes before is one like any other. */
export const cancel = defineStep<z.output<typeof schema>>({
  name: 'cancel',
  schema,
  makesCall: true,
  compile: ({ cancel: { name, arguments: args = {}, after, ...keys } }, compiler, checks) =>
    compileCall({ method: 'tools/call', name, params: { arguments: args }, keys, cancelAfter: after }, compiler, checks),
})
