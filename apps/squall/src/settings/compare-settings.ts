import { availableParallelism } from 'node:os'
import { defaultWorkers } from '@squall/controller'
import { CodedError, type Problem } from '@squall/errors'
import type { PackOverrides } from '@squall/pack'
import { squallErrors } from '../errors.ts'
import type { Settings } from './gather-settings.ts'
import { minimumEffectSchema, wholeNumber, workersSchema } from './number-schemas.ts'
import { readOutput, type OutputSettings } from './output-settings.ts'
import { packOverridesOf } from './pack-overrides.ts'
import { SettingReader } from './read-setting.ts'
import { connectionOptions, packOptions } from './run-options.ts'
import { textSchema } from './text-schemas.ts'

export interface CompareSettings extends OutputSettings {
  readonly environment: string | undefined
  readonly overrides: PackOverrides
  /** An address, or a command that prints one. */
  readonly base: string
  readonly candidate: string
  readonly runs: number
  readonly minimumEffect: number | undefined
  readonly workers: number
}

const overrideNames = [...packOptions, ...connectionOptions]
  .map(({ key }) => key)
  .filter((key) => key !== 'env' && key !== 'target')

const schemas = {
  runs: wholeNumber(2, 1000),
  workers: workersSchema,
}

/** @throws CodedError SQUALL_BAD_OPTIONS with all wrong settings at once. */
export function toCompareSettings(settings: Settings): CompareSettings {
  const reader = new SettingReader()
  const read = {
    environment: reader.read(settings.env, textSchema),
    overrides: packOverridesOf(settings, overrideNames),
    runs: reader.read(settings.runs, schemas.runs) ?? 10,
    minimumEffect: reader.read(settings.minimumEffect, minimumEffectSchema),
    workers: reader.read(settings.workers, schemas.workers) ?? defaultWorkers(availableParallelism()),
    ...readOutput(settings, reader),
  }
  const base = reader.read(settings.base, textSchema)
  const candidate = reader.read(settings.candidate, textSchema)
  const problems: Problem[] = [...reader.problems]
  for (const side of ['base', 'candidate'] as const)
    if (settings[side] === undefined)
      problems.push({ where: `--${side}`, expected: 'an address, or a command that starts a server and prints its address' })
  if (base === undefined || candidate === undefined || problems.length > 0) throw refusal(problems)
  return { ...read, base, candidate }
}

const refusal = (problems: readonly Problem[]): CodedError =>
  new CodedError(squallErrors.SQUALL_BAD_OPTIONS, {
    message: 'nothing can be compared',
    problems,
    hint: 'squall compare --help shows every option with its environment variable and its place in squall.config.json.',
  })
