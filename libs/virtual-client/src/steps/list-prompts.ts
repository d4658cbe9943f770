import { z } from 'zod'
import { bareCallSchema, compileCall } from './call-step.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({ listPrompts: bareCallSchema })

/** Asks for the list of prompts. */
export const listPrompts = defineStep<z.output<typeof schema>>({
  name: 'listPrompts',
  schema,
  makesCall: true,
  compile: (step, compiler, checks) =>
    compileCall({ method: 'prompts/list', params: {}, keys: step.listPrompts }, compiler, checks),
})
