import type { Command } from 'commander'
import { gatherSettings, splitList } from '../settings/gather-settings.ts'
import { readConfigFile } from '../settings/config-file.ts'
import { runOptions, type RunOptionKey } from '../settings/run-options.ts'
import { toRunSettings, type RunSettings } from '../settings/run-settings.ts'

/** Runs a pack with settings from all three places. */
export type RunPack = (pack: string, settings: RunSettings) => Promise<void>

/** `squall run PACK` */
export function addRunCommand(program: Command, runPack: RunPack): void {
  const command = program
    .command('run')
    .argument('<pack>', 'a pack file, its folder, or the name of a pack that comes with Squall: smoke, light, heavy')
    .description('Runs a load pack against an MCP server and reports what the server carried.')
    .addHelpText('after', settingsHelp())
  for (const { flags, help, environment, kind } of runOptions) {
    const described = `${help} [${environment}]`
    if (kind === 'list') command.option(flags, described, collect)
    else command.option(flags, described)
  }
  command.action(async (pack: string) => {
    const options = optionsOf(command)
    const file = readConfigFile(process.cwd())
    await runPack(pack, toRunSettings(gatherSettings({ options, environment: process.env, file })))
  })
}

/** An option that may be repeated, and may hold several values at once. */
const collect = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  ...splitList(text),
]

/** Commander names options by their flags; settings by their keys. */
function optionsOf(command: Command): Partial<Record<RunOptionKey, unknown>> {
  const given: Record<string, unknown> = command.opts()
  const { threshold, ...others } = given
  return { ...others, ...(threshold !== undefined && { thresholds: threshold }) }
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
  squall run smoke --rate 20 --json > summary.json      open model, for a script

Exit codes: 0 passed, 2 bad input, 3 a threshold was broken, 5 inconclusive, 6 target not reached or not MCP,
8 load was lost, 9 trouble of this machine, 130 stopped by the user.`
}
