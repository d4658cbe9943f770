import { availableParallelism } from 'node:os'
import { defaultWorkers } from '@squall/controller'
import type { Problem } from '@squall/errors'
import type { PackOverrides } from '@squall/pack'
import { parseExport, type NumbersExport } from '@squall/report'
import { z } from 'zod'
import { squallVersion } from '../squall-version.ts'
import type { Settings } from './gather-settings.ts'
import { workersSchema } from './number-schemas.ts'
import { SettingReader } from './read-setting.ts'
import { connectionOptions, packOptions } from './run-options.ts'

/** One client instead of a run. */
export interface DebugSettings {
  readonly iterations: number
  /** The first of the pack unless given. */
  readonly scenario: string | undefined
}

/** The settings of a run that are not the pack's. */
export interface RunSettings {
  readonly environment: string | undefined
  readonly overrides: PackOverrides
  readonly workers: number
  /** Who makes the load: Squall itself, or the stock Artillery that is installed. */
  readonly runner: Runner
  readonly reportDirectory: string | undefined
  /** Where numbers go while the run goes on. */
  readonly exports: readonly NumbersExport[]
  readonly isQuiet: boolean
  readonly isJson: boolean
  /** Present where the user wants to look at one client. */
  readonly debug: DebugSettings | undefined
  /** Settings that cannot be used; told together with the problems of the pack, so that all are known at once. */
  readonly problems: readonly Problem[]
}

export type Runner = 'native' | 'artillery'

const iterationsExpected = 'a whole number of at least 1'
const schemas = {
  workers: workersSchema,
  runner: z.enum(['native', 'artillery'], 'native or artillery'),
  text: z.string('text').min(1, 'text that is not empty'),
  switch: z.boolean('true or false'),
  iterations: z.coerce.number(iterationsExpected).int(iterationsExpected).min(1, iterationsExpected),
  list: z.array(z.string('text'), 'a list of texts'),
}

/** Checks the settings that do not override the pack; those that do are checked with it. */
export function toRunSettings(settings: Settings): RunSettings {
  const reader = new SettingReader()
  return {
    environment: reader.read(settings.env, schemas.text),
    overrides: overridesOf(settings),
    workers: reader.read(settings.workers, schemas.workers) ?? defaultWorkers(availableParallelism()),
    runner: reader.read(settings.runner, schemas.runner) ?? 'native',
    reportDirectory: reader.read(settings.report, schemas.text),
    exports: readExports(settings, reader),
    isQuiet: reader.read(settings.quiet, schemas.switch) ?? false,
    isJson: reader.read(settings.json, schemas.switch) ?? false,
    debug: readDebug(settings, reader),
    problems: reader.problems,
  }
}

function readDebug({ debug, iterations, scenario }: Settings, reader: SettingReader): DebugSettings | undefined {
  const isDebug = reader.read(debug, schemas.switch) ?? false
  const read = { iterations: reader.read(iterations, schemas.iterations) ?? 1, scenario: reader.read(scenario, schemas.text) }
  if (isDebug) return read
  for (const setting of [iterations, scenario])
    if (setting !== undefined) reader.problems.push({ ...setting, expected: '--debug beside it' })
  return undefined
}

function readExports({ exports }: Settings, reader: SettingReader): NumbersExport[] {
  const context = { squallVersion, environment: process.env }
  return (reader.read(exports, schemas.list) ?? []).flatMap((text) => {
    const parsed = parseExport(text, context)
    if ('take' in parsed) return [parsed]
    reader.problems.push({ where: exports?.where ?? '--export', ...parsed })
    return []
  })
}

/** All that the pack is read with, but the name of its environment. */
function overridesOf(settings: Settings): PackOverrides {
  const names = [...packOptions, ...connectionOptions].map(({ key }) => key).filter((key) => key !== 'env')
  return Object.fromEntries(names.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])))
}
