import { z } from 'zod'
import { compileText } from '../templates/text-template.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({ log: z.string() })

/** Writes a line for the person who debugs a pack. */
export const log = defineStep<z.output<typeof schema>>({
  name: 'log',
  schema,
  compile: (step) => {
    const text = compileText(step.log)
    return (run) => {
      run.log(text.render(run))
      return undefined
    }
  },
})
