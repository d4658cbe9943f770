import type { Command } from 'commander'
import { toCapacitySettings, type CapacitySettings } from '../settings/capacity-settings.ts'
import { capacityOptions } from '../settings/run-options.ts'
import { addOptions, settingsOf } from './options.ts'

export type FindCapacity = (pack: string, settings: CapacitySettings) => Promise<void>

/** `squall capacity PACK` */
export function addCapacityCommand(program: Command, findCapacity: FindCapacity): void {
  const command = program
    .command('capacity')
    .argument('<pack>', 'a pack file, its folder, or the name of a pack that comes with Squall')
    .description(
      'Finds the highest load under which a server keeps an SLO, what bounds it, and how many instances a number of clients takes.',
    )
    .addHelpText('after', help)
  addOptions(command, capacityOptions)
  command.action(async (pack: string) => findCapacity(pack, toCapacitySettings(settingsOf(command, capacityOptions, 'capacity'))))
}

const help = `
The load is doubled until the SLO breaks, the gap is halved until it is small, and what was found is held twice more. Clients of a closed
pack are counted, arrivals of an open one. Every option can also be set by the environment variable in brackets, or under "capacity" in
squall.config.json.

Examples:
  squall capacity heavy --slo 'p95<500ms,failed<1%'                          the embedded server
  squall capacity my-pack.yml --slo 'p95<1s' --target http://127.0.0.1:3000/mcp --for-clients 1000 --headroom 0.3
  squall capacity smoke --slo 'p99<2s' --max-rate 500 --steady 10s           an open pack: arrivals a second

Exit codes: 0 found, or the most that may be tried keeps the SLO; 2 bad input, 3 even the least load breaks the SLO,
5 the generator was the bottleneck, 6 target not reached or not MCP, 9 trouble of this machine, 130 stopped by the user.`
