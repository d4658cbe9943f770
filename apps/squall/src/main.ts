import { exitCodes, type ExitCode } from '@squall/errors'
import { runProgram } from '@squall/program'
import { Command, CommanderError } from 'commander'
import { addRunCommand } from './commands/run.ts'
import { runPack } from './run/run-pack.ts'

await runProgram(async ({ stopping }) => {
  let exitCode: ExitCode = exitCodes.ok
  const program = new Command('squall')
    .description('Load generator for MCP servers.')
    .exitOverride()
    .showHelpAfterError('(squall run --help shows what it takes)')
  addRunCommand(program, async (pack, settings) => {
    exitCode = await runPack(pack, settings, stopping)
  })
  try {
    await program.parseAsync()
    return exitCode
  } catch (error) {
    // Commander has said by itself what it did not understand; help that was asked for is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput
    throw error
  }
})
