import { z } from 'zod'
import { captureKey, compileCaptures } from '../reply-checks.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({ capture: captureKey })

/** Keeps a part of the answer to the call before it as a variable; the call counts as failed where there is no such part. */
export const capture = defineStep<z.output<typeof schema>>({
  name: 'capture',
  schema,
  toChecks: (step) => compileCaptures(step.capture),
  // Part of the call before it.
  compile: () => () => undefined,
})
