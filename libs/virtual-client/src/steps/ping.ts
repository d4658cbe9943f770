import { z } from 'zod'
import { bareCallSchema, compileCall } from './call-step.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({ ping: bareCallSchema })

/** Asks whether the server is there. */
export const ping = defineStep<z.output<typeof schema>>({
  name: 'ping',
  schema,
  makesCall: true,
  compile: (step, compiler, checks) => compileCall({ method: 'ping', params: {}, keys: step.ping }, compiler, checks),
})
