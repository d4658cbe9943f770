import { z } from 'zod'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({
  loop: z.array(z.json(), { error: 'a list of steps' }).min(1, { error: 'at least one step' }),
  count: z.int({ error: 'a whole number of at least 1' }).min(1, { error: 'a whole number of at least 1' }),
})

/** Repeats its steps; `$loopCount` counts from 1. */
export const loop = defineStep<z.output<typeof schema>>({
  name: 'loop',
  schema,
  nested: ({ loop }) => (Array.isArray(loop) ? loop.map((step: unknown, index) => ({ place: `.loop[${index}]`, step })) : []),
  compile: ({ loop: flow, count }, compileFlow) => {
    const body = compileFlow(flow)
    return async (run) => {
      const outer = run.variables['$loopCount']
      for (let round = 1; round <= count && !run.isOver; round++) {
        run.variables['$loopCount'] = round
        await body(run)
      }
      run.variables['$loopCount'] = outer
    }
  },
})
