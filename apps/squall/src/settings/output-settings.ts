import type { Settings } from './gather-settings.ts'
import type { SettingReader } from './read-setting.ts'
import { switchSchema, textSchema } from './text-schemas.ts'

/** Where the outcome of a command goes. */
export interface OutputSettings {
  readonly reportDirectory: string | undefined
  readonly isQuiet: boolean
  readonly isJson: boolean
}

export function readOutput({ report, quiet, json }: Settings, reader: SettingReader): OutputSettings {
  return {
    reportDirectory: reader.read(report, textSchema),
    isQuiet: reader.read(quiet, switchSchema) ?? false,
    isJson: reader.read(json, switchSchema) ?? false,
  }
}
