import type { Command } from 'commander'
import { connectionOptions, packOptions, runOptions } from '../settings/run-options.ts'
import { toRunSettings, type RunSettings } from '../settings/run-settings.ts'
import { addOptions, settingsOf } from './options.ts'

export type CheckPack = (pack: string, settings: RunSettings) => Promise<void>

/** `squall check PACK` */
export function addCheckCommand(program: Command, checkPack: CheckPack): void {
  const command = program
    .command('check')
    .argument('<pack>', 'a pack file, its folder, or the name of a pack that comes with Squall')
    .description('Finds what is wrong with a pack without making load, and says what a run of it will do.')
    .addHelpText('after', help)
  addOptions(command, [...packOptions, ...connectionOptions])
  command.action(async (pack: string) => checkPack(pack, toRunSettings(settingsOf(command, runOptions, 'run'))))
}

const help = `
With --target the server is asked whether it has the tools the pack calls, and whether their arguments fit.
Options, environment variables and "run" in squall.config.json count as for squall run.

Examples:
  squall check my-pack.yml
  squall check my-pack.yml --target http://127.0.0.1:3000/mcp
  squall check heavy --clients 500

Exit codes: 0 nothing is wrong, 2 something is, 6 the target cannot be asked.`
