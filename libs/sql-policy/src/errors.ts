import { defineErrors, exitCodes } from '@squall/errors'

export const sqlPolicyErrors = defineErrors({
  SQL_POLICY_BAD_NAME: {
    summary: 'A text that should name a database, schema, table or view does not.',
    hint: 'Write it as SQL would: sales, analytics.public.orders, or "Name in quotes".',
    exitCode: exitCodes.badInput,
  },
})
