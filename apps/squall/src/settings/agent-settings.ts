import { availableParallelism } from 'node:os'
import { CodedError } from '@squall/errors'
import { z } from 'zod'
import { squallErrors } from '../errors.ts'
import { fabricUrlSchema, secretOf } from './fabric-settings.ts'
import type { Settings } from './gather-settings.ts'
import { workersSchema } from './number-schemas.ts'
import { SettingReader } from './read-setting.ts'

/** The settings of a machine that makes load for others. */
export interface AgentSettings {
  readonly url: string
  readonly secret: string | undefined
  readonly workers: number
  readonly allowTargets: readonly string[]
}

const patternsExpected = 'hosts such as *.test.example.com or 10.0.0.7:3000'
const patterns = z.array(z.string(patternsExpected).min(1, patternsExpected), patternsExpected)

/** @throws CodedError SQUALL_BAD_OPTIONS with everything that is wrong. */
export function toAgentSettings(settings: Settings): AgentSettings {
  const reader = new SettingReader()
  const url = reader.read(settings.fabric, fabricUrlSchema)
  const workers = reader.read(settings.workers, workersSchema) ?? availableParallelism()
  const allowTargets = reader.read(settings.allowTarget, patterns) ?? []
  if (settings.fabric === undefined) reader.problems.push({ where: '--fabric', expected: 'the address of the Redis to work for' })
  if (url === undefined || reader.problems.length > 0)
    throw new CodedError(squallErrors.SQUALL_BAD_OPTIONS, {
      message: 'this agent cannot be started',
      hint: 'squall agent --help shows every option with its environment variable and its place in squall.config.json.',
      problems: reader.problems,
    })
  return { url, workers, allowTargets, secret: secretOf(process.env) }
}
