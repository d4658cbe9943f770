import { z } from 'zod'
import { bareCallSchema, compileCall } from './call-step.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({ listTools: bareCallSchema })

/** Asks for the list of tools. */
export const listTools = defineStep<z.output<typeof schema>>({
  name: 'listTools',
  schema,
  makesCall: true,
  compile: (step, compiler, checks) => compileCall({ method: 'tools/list', params: {}, keys: step.listTools }, compiler, checks),
})
