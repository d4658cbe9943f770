import { exitCodes, type ExitCode } from '@squall/errors'
import { runProgram } from '@squall/program'
import { Command, CommanderError } from 'commander'
import { checkPack } from './check/check-pack.ts'
import { findPackCapacity } from './capacity/find-pack-capacity.ts'
import { addBaselineCommands } from './commands/baseline.ts'
import { workAsAgent } from './agent/work-as-agent.ts'
import { addAgentCommand } from './commands/agent.ts'
import { addCapacityCommand } from './commands/capacity.ts'
import { addCheckCommand } from './commands/check.ts'
import { addCompareCommand } from './commands/compare.ts'
import { addInitCommand } from './commands/init.ts'
import { addReportCommand } from './commands/report.ts'
import { addRunCommand } from './commands/run.ts'
import { addServeCommand } from './commands/serve.ts'
import { debugPack } from './debug/debug-pack.ts'
import { initPack } from './init/init-pack.ts'
import { squallVersion } from './squall-version.ts'
import { checkSavedRuns, listBaselines, saveRuns } from './regression/baselines.ts'
import { comparePack } from './regression/compare-pack.ts'
import { renderAgain } from './run/render-again.ts'
import { runPack } from './run/run-pack.ts'

const examples = `
Examples:
  squall run smoke                                             does every tool of the embedded server answer?
  squall init --target http://127.0.0.1:3000/mcp               a first pack for a server of your own
  squall check my-pack.yml                                     what is wrong with it, and what it will do
  squall run my-pack.yml --target http://127.0.0.1:3000/mcp    load on a server of your own
  squall capacity my-pack.yml --slo 'p95<500ms,failed<1%'      how many clients a server carries, and what bounds it
  squall compare my-pack.yml --base URL --candidate URL        is one server slower than the other?
  squall agent --fabric redis://10.0.0.1:6379                  a machine that makes load for squall run --fabric
  squall serve                                                 takes runs over HTTP, from people and from CI
  squall run --help                                            every option, its variable and its place in a file`

await runProgram(async (lifetime) => {
  const { stopping } = lifetime
  let exitCode: ExitCode = exitCodes.ok
  const program = new Command('squall')
    .description('Load generator for MCP servers.')
    .version(squallVersion)
    .addHelpText('after', examples)
    .exitOverride()
    .showHelpAfterError('(squall --help shows the commands, squall run --help what one takes)')
  addRunCommand(program, async (pack, settings) => {
    const { debug } = settings
    exitCode = debug ? await debugPack(pack, settings, debug, stopping) : await runPack(pack, settings, stopping)
  })
  addCheckCommand(program, async (pack, settings) => {
    exitCode = await checkPack(pack, settings, stopping)
  })
  addCapacityCommand(program, async (pack, settings) => {
    exitCode = await findPackCapacity(pack, settings, stopping)
  })
  addCompareCommand(program, async (pack, settings) => {
    exitCode = await comparePack(pack, settings, stopping)
  })
  addBaselineCommands(program, {
    save: saveRuns,
    list: listBaselines,
    check: async (name, settings) => {
      exitCode = await checkSavedRuns(name, settings)
    },
  })
  addReportCommand(program, renderAgain)
  addAgentCommand(program, async (settings) => {
    exitCode = await workAsAgent(settings, stopping)
  })
  addServeCommand(program, async (settings) => {
    // What only a server needs is loaded by it alone.
    const { serve } = await import('./serve/serve.ts')
    exitCode = await serve(settings, lifetime)
  })
  addInitCommand(program, async (settings) => {
    exitCode = await initPack(settings, stopping)
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
