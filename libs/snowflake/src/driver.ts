// oxlint-disable-next-line import/no-unassigned-import -- it sets the environment the next import reads
import './prepare-driver.ts'
import snowflake from 'snowflake-sdk'
import { parseJsonExactly } from './parse-json.ts'

const silent = (): void => undefined

// Unless told otherwise the driver writes to standard output, which belongs to MCP over stdio, and to a file in the working
// directory. It also runs text it cannot read as JSON as a program; the parsers below never fail, so it never gets that far.
snowflake.configure({
  logLevel: 'OFF',
  additionalLogToConsole: false,
  customLogger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent },
  jsonColumnVariantParser: parseJsonExactly,
  xmlColumnVariantParser: (text: string) => text,
})

export { snowflake }
