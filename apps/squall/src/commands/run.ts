import type { Command } from 'commander'
import { shippedPackNames } from '../run/resolve-pack.ts'
import { runOptions } from '../settings/run-options.ts'
import { toRunSettings, type RunSettings } from '../settings/run-settings.ts'
import { addOptions, settingsOf } from './options.ts'

/** Runs a pack with settings from all three places. */
export type RunPack = (pack: string, settings: RunSettings) => Promise<void>

/** `squall run PACK` */
export function addRunCommand(program: Command, runPack: RunPack): void {
  const command = program
    .command('run')
    .argument('<pack>', `a pack file, its folder, or the name of a pack that comes with Squall: ${shippedPackNames().join(', ')}`)
    .description('Runs a load pack against an MCP server and reports what the server carried.')
    .addHelpText('after', settingsHelp())
  addOptions(command, runOptions)
  command.action(async (pack: string) => runPack(pack, toRunSettings(settingsOf(command, runOptions, 'run'))))
}

function settingsHelp(): string {
  const keys = runOptions.map(({ key }) => key).join(', ')
  return `
Every option can also be set by the environment variable in brackets, or under "run" in squall.config.json
(here or in a folder above) by these keys: ${keys}.
Options beat environment variables, which beat the file, which beats the pack.

Examples:
  squall run heavy                                      the embedded server, the pack's own load
  squall run heavy --clients 200 --duration 2m          another load
  squall run my-pack.yml --target http://127.0.0.1:3000/mcp --threshold 'p95<500ms'
  squall run my-pack.yml --debug --iterations 3         one client; every message it sends and gets
  squall run heavy --export csv=numbers.csv             numbers of every second while it runs
  squall run my-pack.yml --target https://h/mcp --ca ca.pem --cert me.pem --key me.key
  squall run smoke --rate 20 --json > summary.json      open model, for a script

Exit codes: 0 passed, 2 bad input, 3 a threshold was broken, 5 inconclusive, 6 target not reached or not MCP,
8 load was lost, 9 trouble of this machine, 130 stopped by the user.`
}
