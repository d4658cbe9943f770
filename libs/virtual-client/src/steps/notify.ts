import { z } from 'zod'
import { compileJson } from '../templates/json-template.ts'
import { defineStep } from './step-type.ts'

const expected = 'the method of a notification, such as notifications/roots/list_changed'

const schema = z.strictObject({
  notify: z.strictObject({
    method: z.string({ error: expected }).regex(/^[\w$./-]+$/, { error: expected }),
    params: z.record(z.string(), z.json(), { error: 'the parameters by their names' }).optional(),
  }),
})

/** Tells the server something that it does not answer. Not a call: it is recorded only where the server refuses it. */
export const notify = defineStep<z.output<typeof schema>>({
  name: 'notify',
  schema,
  compile: ({ notify: { method, params = {} } }) => {
    const template = compileJson(params)
    const place = { method }
    return (run) => run.notify(place, template.render(run))
  },
})
