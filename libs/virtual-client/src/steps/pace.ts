import { z } from 'zod'
import { drawMs, durationSchema } from '../duration.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({ pace: durationSchema })

/** Sets when the next iteration should start, counted from when this one should have; the scheduler does the waiting. */
export const pace = defineStep<z.output<typeof schema>>({
  name: 'pace',
  schema,
  onlyOnceAtTop: true,
  compile:
    ({ pace: range }) =>
    (run) => {
      run.nextIntendedMs = run.intendedMs + drawMs(range, run.random)
      return undefined
    },
})
