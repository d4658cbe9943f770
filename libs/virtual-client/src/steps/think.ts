import { z } from 'zod'
import { drawMs, durationSchema } from '../duration.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({ think: durationSchema })

/** Waits as a person or a model would; the next call is due when the wait should end, however late the timer fires. */
export const think = defineStep<z.output<typeof schema>>({
  name: 'think',
  schema,
  compile:
    ({ think: range }) =>
    (run) =>
      run.waitUntil(run.dueMs + drawMs(range, run.random)),
})
