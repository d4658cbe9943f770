import type { ConfigFile } from './config-file.ts'
import { flagOf, type RunOption, type RunOptionKey } from './run-options.ts'

/** A value and where the user wrote it. */
export interface Setting {
  readonly where: string
  readonly value: unknown
}

export type Settings = Readonly<Partial<Record<RunOptionKey, Setting>>>

export interface SettingSources {
  /** What the command takes. */
  readonly table: readonly RunOption[]
  /** What the command line says, by option key; absent where it says nothing. */
  readonly options: Readonly<Partial<Record<RunOptionKey, unknown>>>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly file: ConfigFile | undefined
}

/** Options beat environment variables, which beat the configuration file. */
export function gatherSettings(sources: SettingSources): Settings {
  return Object.fromEntries(
    sources.table.flatMap((option) => {
      const setting = find(option, sources)
      return setting === undefined ? [] : [[option.key, setting]]
    }),
  )
}

function find(option: RunOption, { options, environment, file }: Omit<SettingSources, 'table'>): Setting | undefined {
  const given = options[option.key]
  if (given !== undefined) return { where: flagOf(option), value: given }
  const variable = environment[option.environment]
  // A variable that is set to nothing says nothing.
  if (variable !== undefined && variable !== '') return { where: option.environment, value: fromText(option, variable) }
  const written = file?.settings[option.key]
  return file === undefined || written === undefined
    ? undefined
    : { where: `${file.path} ${file.section}.${option.key}`, value: written }
}

const switchWords: Readonly<Record<string, boolean>> = { '1': true, true: true, yes: true, '0': false, false: false, no: false }

function fromText({ kind }: RunOption, text: string): unknown {
  if (kind === 'switch') return switchWords[text.toLowerCase()] ?? text
  return kind === 'list' ? splitList(text) : text
}

/** `p95<500ms,failed<1%` as its parts. */
export function splitList(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}
