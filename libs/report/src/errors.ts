import { defineErrors, exitCodes } from '@squall/errors'

export const reportErrors = defineErrors({
  REPORT_NOT_WRITABLE: {
    summary: 'The report could not be written: no space, no permission, or its directory is not a directory.',
    hint: 'Make room or name another directory with --report DIR; the numbers of the run were not changed.',
    exitCode: exitCodes.machine,
  },
})
