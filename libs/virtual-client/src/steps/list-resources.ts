import { z } from 'zod'
import { bareCallSchema, compileCall } from './call-step.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({ listResources: bareCallSchema })

/** Asks for the list of resources. */
export const listResources = defineStep<z.output<typeof schema>>({
  name: 'listResources',
  schema,
  makesCall: true,
  compile: (step, compiler, checks) =>
    compileCall({ method: 'resources/list', params: {}, keys: step.listResources }, compiler, checks),
})
