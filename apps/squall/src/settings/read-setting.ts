import type { Problem } from '@squall/errors'
import type { z } from 'zod'
import type { Setting } from './gather-settings.ts'

/** Reads settings one by one, and keeps what is wrong with them, so that all is told at once. */
export class SettingReader {
  readonly problems: Problem[] = []

  /** @returns undefined where nothing was said, or something wrong. */
  read<T>(setting: Setting | undefined, schema: z.ZodType<T>): T | undefined {
    if (setting === undefined) return undefined
    const result = schema.safeParse(setting.value)
    if (result.success) return result.data
    this.problems.push({ ...setting, expected: result.error.issues[0]?.message ?? 'another value' })
    return undefined
  }
}
