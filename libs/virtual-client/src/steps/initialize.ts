import { z } from 'zod'
import { defineStep } from './step-type.ts'

/**
 * Opens the session. As the first step it only says what every client does anyway;
 * further down the client leaves as its kind does, and comes back as a new session.
 */
export const initialize = defineStep({
  name: 'initialize',
  schema: z.strictObject({ initialize: z.strictObject({}) }),
  compile: () => (run) => run.reopen(),
})
