import { defineErrors, exitCodes } from '@squall/errors'

export const snowflakeLocalErrors = defineErrors({
  SNOWFLAKE_LOCAL_BAD_OPTION: {
    summary: 'snowflake-local was started with options it cannot use.',
    hint: '`snowflake-local --help` lists every option with its environment variable and default.',
    exitCode: exitCodes.badInput,
  },
  SNOWFLAKE_LOCAL_PORT_IN_USE: {
    summary: 'Another program already listens on the port of snowflake-local.',
    hint: 'Stop that program, choose another port with --port, or take a free one with --port 0.',
    exitCode: exitCodes.machine,
  },
  SNOWFLAKE_LOCAL_CANNOT_LISTEN: {
    summary: 'The machine does not let snowflake-local listen on its address.',
    hint: 'Choose an address of this machine with --host and a port above 1023 with --port.',
    exitCode: exitCodes.machine,
  },
  SNOWFLAKE_LOCAL_DATA_DIRECTORY: {
    summary: 'The data directory of snowflake-local cannot be made or written.',
    hint: 'Choose a directory that can be written with --data, and see that its disk has room.',
    exitCode: exitCodes.machine,
  },
})
