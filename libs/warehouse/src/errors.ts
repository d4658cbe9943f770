import { defineErrors, exitCodes } from '@squall/errors'

export const warehouseErrors = defineErrors({
  WAREHOUSE_DATA_DIRECTORY: {
    summary: 'The embedded Snowflake could not make or read its sample data.',
    hint: 'Give it a directory it may write to, with some 50 MB free; remove a damaged sample-data folder there and start again.',
    exitCode: exitCodes.machine,
  },
})
