import { exitCodes } from '@squall/errors'
import { runProgram } from '@squall/program'
import { systemClock } from '@squall/time'
import { parseCommandLine } from './command-line.ts'
import { readConfiguration } from './configuration.ts'
import { createLogger } from './observe/create-logger.ts'
import { renderConfiguration } from './print-configuration.ts'
import { readSettings } from './read-settings.ts'
import { Membership } from './processes/membership.ts'
import { readRole } from './processes/messages.ts'
import { shareOf } from './processes/share-of.ts'
import { isMultiple, supervise } from './processes/supervise.ts'
import { serve } from './serve.ts'

const info = { name: 'squall-snowflake-mcp', title: 'Snowflake (read-only)', version: '0.1.0' }

await runProgram(async (lifetime) => {
  const invocation = parseCommandLine(process.argv.slice(2))
  if (invocation.kind === 'help') {
    process.stdout.write(invocation.text)
    return exitCodes.ok
  }
  const { problems, kind, ...given } = invocation
  const sources = { ...given, environment: process.env }
  const configuration = readConfiguration(sources, problems)
  if (kind === 'print-config') {
    process.stdout.write(renderConfiguration(readSettings(sources)))
    return exitCodes.ok
  }
  const logger = createLogger(configuration.logLevel)
  const role = readRole(process.env)
  if (role === undefined)
    return isMultiple(configuration)
      ? supervise(configuration, lifetime, logger)
      : serve(configuration, { lifetime, logger, info })
  const membership = new Membership(role, systemClock)
  return serve(shareOf(configuration, role), { lifetime, logger, info, membership })
})
