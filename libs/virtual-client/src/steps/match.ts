import { z } from 'zod'
import { compileMatches, matchKey } from '../reply-checks.ts'
import { defineStep } from './step-type.ts'

const schema = z.strictObject({ match: matchKey })

/** Looks at the answer to the call before it, which counts as failed where they do not match. */
export const match = defineStep<z.output<typeof schema>>({
  name: 'match',
  schema,
  toChecks: (step) => compileMatches(step.match),
  // Part of the call before it.
  compile: () => () => undefined,
})
