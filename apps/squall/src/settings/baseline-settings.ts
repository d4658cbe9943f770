import { CodedError } from '@squall/errors'
import { z } from 'zod'
import { squallErrors } from '../errors.ts'
import type { Settings } from './gather-settings.ts'
import { minimumEffectSchema } from './number-schemas.ts'
import { readOutput, type OutputSettings } from './output-settings.ts'
import { SettingReader } from './read-setting.ts'
import { textSchema } from './text-schemas.ts'

export interface BaselineSettings extends OutputSettings {
  /** Report directories, or directories that hold several. */
  readonly from: readonly string[]
  readonly store: string
  readonly minimumEffect: number | undefined
}

const schemas = {
  list: z.array(z.string('text').min(1, 'text that is not empty'), 'a list of directories'),
  name: z.string().regex(/^\w[\w.-]*$/, 'letters, digits, dots, dashes and underscores, such as my-pack'),
}

/**
 * @param name of the baseline; undefined where all are meant, and no runs are needed.
 * @throws CodedError SQUALL_BAD_OPTIONS with all wrong settings at once.
 */
export function toBaselineSettings(settings: Settings, name: string | undefined): BaselineSettings {
  const reader = new SettingReader()
  if (name !== undefined) reader.read({ where: 'the name of the baseline', value: name }, schemas.name)
  const from = reader.read(settings.from, schemas.list) ?? []
  if (name !== undefined && settings.from === undefined)
    reader.problems.push({ where: '--from', expected: 'a report directory of squall run, or one that holds several' })
  const read = {
    from,
    store: reader.read(settings.store, textSchema) ?? 'squall-baselines',
    minimumEffect: reader.read(settings.minimumEffect, minimumEffectSchema),
    ...readOutput(settings, reader),
  }
  if (reader.problems.length === 0) return read
  throw new CodedError(squallErrors.SQUALL_BAD_OPTIONS, {
    message: 'the baseline cannot be used',
    problems: reader.problems,
    hint: 'squall baseline save --help shows every option with its environment variable and its place in squall.config.json.',
  })
}
