import type { Command } from 'commander'
import { toInitSettings, type InitSettings } from '../settings/init-settings.ts'
import { initOptions } from '../settings/run-options.ts'
import { addOptions, settingsOf } from './options.ts'

export type InitPack = (settings: InitSettings) => Promise<void>

/** `squall init --target URL` */
export function addInitCommand(program: Command, initPack: InitPack): void {
  const command = program
    .command('init')
    .description("Writes a pack that runs, out of a server's own list of tools.")
    .addHelpText('after', help)
  addOptions(command, initOptions)
  command.action(async () => initPack(toInitSettings(settingsOf(command, initOptions, 'init'))))
}

const help = `
Tools that only read are called once, to see that the arguments made up for them work; what may change or destroy something is
written down as a comment. Every option can also be set by the environment variable in brackets, or under "init" in
squall.config.json.

Examples:
  squall init --target http://127.0.0.1:3000/mcp
  squall init --target https://mcp.example.com/mcp --header 'authorization: Bearer {{ $env.TOKEN }}' --out packs/mine
  squall init --target 'npx -y @modelcontextprotocol/server-memory' --untried
  squall init --target ws://127.0.0.1:8000/message

Exit codes: 0 written, 2 bad input or files in the way, 6 the target does not answer, 9 cannot be written.`
