import { exitCodes } from '@squall/errors'
import { runProgram } from '@squall/program'
import { Command } from 'commander'

await runProgram(async () => {
  await new Command('squall').description('Load generator for MCP servers.').parseAsync()
  return exitCodes.ok
})
