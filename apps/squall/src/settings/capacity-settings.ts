import { availableParallelism } from 'node:os'
import { defaultWorkers, parseSlo, type Slo } from '@squall/controller'
import type { Problem } from '@squall/errors'
import type { PackOverrides } from '@squall/pack'
import { parseDuration } from '@squall/time'
import { z } from 'zod'
import { numberBetween, wholeNumber, workersSchema } from './number-schemas.ts'
import type { Setting, Settings } from './gather-settings.ts'
import { readOutput, type OutputSettings } from './output-settings.ts'
import { packOverridesOf } from './pack-overrides.ts'
import { SettingReader } from './read-setting.ts'
import { connectionOptions, type RunOptionKey } from './run-options.ts'
import { textSchema } from './text-schemas.ts'

/** The settings of a search for capacity that are not the pack's. */
export interface CapacitySettings extends OutputSettings {
  readonly environment: string | undefined
  readonly overrides: PackOverrides
  /** Absent where it cannot be used; `problems` says why. */
  readonly slo: Slo | undefined
  readonly maxClients: number
  readonly maxRate: number
  readonly forClients: number | undefined
  readonly headroom: number
  readonly settleSeconds: number
  readonly steadySeconds: number
  readonly confirmSeconds: number
  readonly resolution: number
  readonly metricsUrl: string | undefined
  readonly creditsPerHour: number | undefined
  readonly workers: number
  /** Settings that cannot be used; told together with the problems of the pack. */
  readonly problems: readonly Problem[]
}

const overrideNames: readonly RunOptionKey[] = ['target', 'seed', ...connectionOptions.map(({ key }) => key)]

const schemas = {
  clients: wholeNumber(1, 1_000_000),
  rate: numberBetween(0.1, 1_000_000, 'arrivals per second from 0.1 to 1000000'),
  workers: workersSchema,
  headroom: numberBetween(0, 10, 'a share such as 0.3, from 0 to 10'),
  resolution: numberBetween(0.01, 0.5, 'a share such as 0.05, from 0.01 to 0.5'),
  credits: numberBetween(0.01, 10_000, 'credits per hour, such as 1 for an X-Small warehouse'),
  url: z.url({ protocol: /^https?$/, error: 'an http or https address such as http://127.0.0.1:3000/metrics' }),
}

/** Checks all settings; what is wrong is kept, to be told with the problems of the pack. */
export function toCapacitySettings(settings: Settings): CapacitySettings {
  const reader = new SettingReader()
  return {
    environment: reader.read(settings.env, textSchema),
    overrides: packOverridesOf(settings, overrideNames),
    slo: readSlo(settings.slo, reader),
    maxClients: reader.read(settings.maxClients, schemas.clients) ?? 10_000,
    maxRate: reader.read(settings.maxRate, schemas.rate) ?? 10_000,
    forClients: reader.read(settings.forClients, schemas.clients),
    headroom: reader.read(settings.headroom, schemas.headroom) ?? 0.3,
    settleSeconds: readSeconds(settings.settle, reader, 1) ?? 5,
    steadySeconds: readSeconds(settings.steady, reader, 1) ?? 15,
    confirmSeconds: readSeconds(settings.confirm, reader, 1) ?? 30,
    resolution: reader.read(settings.resolution, schemas.resolution) ?? 0.05,
    metricsUrl: reader.read(settings.metricsUrl, schemas.url),
    creditsPerHour: reader.read(settings.creditsPerHour, schemas.credits),
    workers: reader.read(settings.workers, schemas.workers) ?? defaultWorkers(availableParallelism()),
    ...readOutput(settings, reader),
    problems: reader.problems,
  }
}

function readSlo(setting: Setting | undefined, reader: SettingReader): Slo | undefined {
  const text = reader.read(setting, textSchema)
  if (setting === undefined)
    reader.problems.push({ where: '--slo', expected: "what the server must keep to, such as 'p95<500ms,failed<1%'" })
  if (text === undefined) return undefined
  const slo = parseSlo(text, setting?.where)
  if ('terms' in slo) return slo
  reader.problems.push(...slo)
  return undefined
}

/** Whole seconds, rounded up: numbers are kept by the second. */
function readSeconds(setting: Setting | undefined, reader: SettingReader, least: number): number | undefined {
  if (setting === undefined) return undefined
  const ms = parseDuration(setting.value)
  if (ms !== undefined && ms >= least * 1000 && ms <= 3_600_000) return Math.ceil(ms / 1000)
  reader.problems.push({ ...setting, expected: `a duration from ${least}s to 1h` })
  return undefined
}
