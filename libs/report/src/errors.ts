import { defineErrors, exitCodes } from '@squall/errors'

export const reportErrors = defineErrors({
  REPORT_EXPORT_NOT_POSSIBLE: {
    summary: 'A live export of numbers could not be made ready, so no load was started.',
    hint: 'Name another file or a free port with --export, or leave it out.',
    exitCode: exitCodes.machine,
  },
  REPORT_NOT_WRITABLE: {
    summary: 'The report could not be written: no space, no permission, or its directory is not a directory.',
    hint: 'Make room or name another directory with --report DIR; the numbers of the run were not changed.',
    exitCode: exitCodes.machine,
  },
})
