import { z } from 'zod'
import { defineStep } from './step-type.ts'

/** Breaks the push stream's socket and opens the stream again behind the last event seen. */
export const reconnect = defineStep({
  name: 'reconnect',
  schema: z.strictObject({ reconnect: z.strictObject({}) }),
  compile: () => (run) => {
    run.resumeStream()
    return undefined
  },
})
