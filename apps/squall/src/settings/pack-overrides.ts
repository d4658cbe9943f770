import type { PackOverrides } from '@squall/pack'
import type { RunOptionKey } from './run-options.ts'
import type { Settings } from './gather-settings.ts'

/** The settings of these names that were given: they beat the pack's own values, and are checked with it. */
export function packOverridesOf(settings: Settings, names: readonly RunOptionKey[]): PackOverrides {
  return Object.fromEntries(names.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])))
}
