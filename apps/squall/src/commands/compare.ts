import type { Command } from 'commander'
import { toCompareSettings, type CompareSettings } from '../settings/compare-settings.ts'
import { compareOptions } from '../settings/run-options.ts'
import { addOptions, settingsOf } from './options.ts'

export type ComparePack = (pack: string, settings: CompareSettings) => Promise<void>

/** `squall compare PACK --base … --candidate …` */
export function addCompareCommand(program: Command, comparePack: ComparePack): void {
  const command = program
    .command('compare')
    .argument('<pack>', 'a pack file, its folder, or the name of a pack that comes with Squall')
    .description('Tells whether one version of a server is slower than another, by runs of both in turn.')
    .addHelpText('after', help)
  addOptions(command, compareOptions)
  command.action(async (pack: string) => comparePack(pack, toCompareSettings(settingsOf(command, compareOptions, 'compare'))))
}

const help = `
Both versions run at the same time; one is loaded after the other, in random order, ten times over. Every option can also be set by the
environment variable in brackets, or under "compare" in squall.config.json.

Examples:
  squall compare my-pack.yml --base http://127.0.0.1:3001/mcp --candidate http://127.0.0.1:3002/mcp
  squall compare my-pack.yml --base 'node main/server.js --port 0' --candidate 'node branch/server.js --port 0' --duration 20s --runs 12

Exit codes: 0 the same or faster, 2 bad input, 4 slower, 5 inconclusive: more runs are needed, or the generator was the bottleneck,
6 target not reached or not MCP, 9 trouble of this machine, 130 stopped by the user.`
