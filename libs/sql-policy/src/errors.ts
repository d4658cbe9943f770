import { defineErrors, exitCodes } from '@squall/errors'

export const sqlPolicyErrors = defineErrors({
  SQL_POLICY_BAD_NAME: {
    summary: 'A text that should name a database, schema, table or view does not.',
    hint: 'Write it as SQL would: sales, analytics.public.orders, or "Name in quotes".',
    exitCode: exitCodes.badInput,
  },
  SQL_POLICY_BAD_PATTERN: {
    summary: 'A pattern for the objects or functions that queries may name cannot be read.',
    hint: 'Write it as a name with up to three parts: SALES, SALES.PUBLIC, SALES.*.FACT_*, or "Name in quotes".PUBLIC.',
    exitCode: exitCodes.badInput,
  },
})
