import { exitCodes } from '@squall/errors'
import { runProgram } from '@squall/program'
import { parseCommandLine } from './command-line.ts'
import { readConfiguration } from './configuration.ts'
import { createLogger } from './observe/create-logger.ts'
import { serve } from './serve.ts'

const info = { name: 'squall-snowflake-mcp', title: 'Snowflake (read-only)', version: '0.1.0' }

await runProgram(async (lifetime) => {
  const invocation = parseCommandLine(process.argv.slice(2))
  if (invocation.kind === 'help') {
    process.stdout.write(invocation.text)
    return exitCodes.ok
  }
  const { problems, ...sources } = invocation
  const configuration = readConfiguration({ ...sources, environment: process.env }, problems)
  const logger = createLogger(configuration.logLevel)
  return serve(configuration, lifetime, logger, info)
})
