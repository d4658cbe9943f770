import { z } from 'zod'
import { callKeys, compileCall } from './call-step.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({
  readResource: z.strictObject({
    uri: z.string({ error: 'the URI of a resource' }).min(1, { error: 'the URI of a resource' }),
    ...callKeys,
  }),
})

/** Reads one resource by its URI. */
export const readResource = defineStep<z.output<typeof schema>>({
  name: 'readResource',
  schema,
  makesCall: true,
  compile: ({ readResource: { uri, ...keys } }, compiler, checks) =>
    compileCall({ method: 'resources/read', name: uri, nameKey: 'uri', params: {}, keys }, compiler, checks),
})
