import type { ReadSettings } from './read-settings.ts'
import { withoutUserInfo, type Setting } from './setting.ts'
import { settings, type SettingValues } from './settings.ts'

/** Every setting with its value and where that comes from, a line each; of secrets only whether they are set. */
export function renderConfiguration({ values, nameOf, given }: ReadSettings): string {
  const lines = Object.entries<Setting<unknown>>(settings).map(([name, { key, isSecret }]) => {
    // Every name of `settings` has a value, if only undefined.
    const value = values[name as keyof SettingValues]
    const source = given.has(name) ? nameOf(name as keyof SettingValues) : 'default'
    return `${key} = ${isSecret === true && value !== undefined ? '(set, not shown)' : renderValue(value)}   (${source})`
  })
  return `${lines.join('\n')}\n`
}

function renderValue(value: unknown): string {
  return value === undefined ? '(not set)' : JSON.stringify(withoutUserInfo(value))
}
