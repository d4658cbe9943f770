import type { Command } from 'commander'
import { readConfigFile, type SectionName } from '../settings/config-file.ts'
import { gatherSettings, splitList, type Settings } from '../settings/gather-settings.ts'
import type { RunOption, RunOptionKey } from '../settings/run-options.ts'

/** Lets a command take options, each named with its environment variable. */
export function addOptions(command: Command, options: readonly RunOption[]): void {
  for (const { key, flags, help, environment, kind } of options) {
    const described = `${help} [${environment}]`
    if (kind === 'list') command.option(flags, described, key === 'thresholds' ? collectSplit : collect)
    else command.option(flags, described)
  }
}

/** An option that may be repeated. */
const collect = (text: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), text]

/** An option that may be repeated, and may hold several values at once. */
const collectSplit = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  ...splitList(text),
]

/** The settings of a command from all three places: options, environment variables, and a part of the configuration file. */
export function settingsOf(command: Command, table: readonly RunOption[], section: SectionName): Settings {
  const file = readConfigFile(process.cwd(), section)
  return gatherSettings({ table, options: optionsOf(command), environment: process.env, file })
}

/** Commander names options by their flags, settings by their keys; of most, both are the same. */
const keysOfFlags: Readonly<Record<string, RunOptionKey>> = { threshold: 'thresholds', header: 'headers', export: 'exports' }

function optionsOf(command: Command): Partial<Record<RunOptionKey, unknown>> {
  const given: Record<string, unknown> = command.opts()
  return Object.fromEntries(Object.entries(given).map(([flag, value]) => [keysOfFlags[flag] ?? flag, value]))
}
