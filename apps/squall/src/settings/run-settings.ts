import type { Problem } from '@squall/errors'
import { shortestLeaseMs } from '@squall/fabric'
import type { PackOverrides } from '@squall/pack'
import { parseExport, type NumbersExport } from '@squall/report'
import { parseDuration } from '@squall/time'
import { z } from 'zod'
import { squallVersion } from '../squall-version.ts'
import { fabricUrlSchema, secretOf } from './fabric-settings.ts'
import type { Settings } from './gather-settings.ts'
import { numberBetween, workersSchema } from './number-schemas.ts'
import { readOutput, type OutputSettings } from './output-settings.ts'
import { packOverridesOf } from './pack-overrides.ts'
import { SettingReader } from './read-setting.ts'
import { connectionOptions, packOptions } from './run-options.ts'
import { switchSchema, textSchema } from './text-schemas.ts'

/** One client instead of a run. */
export interface DebugSettings {
  readonly iterations: number
  /** The first of the pack unless given. */
  readonly scenario: string | undefined
}

/** The Redis that holds agents together. */
export interface FabricSettings {
  readonly url: string
  readonly secret: string | undefined
  /** How many agents to wait for; whoever is there at first unless given. */
  readonly agents: number | undefined
  readonly leaseMs: number | undefined
  /** The run to take over. */
  readonly resume: string | undefined
  /** How long a run that is over waits for a Redis that is away, to tell its agents so; a person at a terminal waits no longer than it takes usually. */
  readonly farewellMs?: number
}

/** The settings of a run that are not the pack's. */
export interface RunSettings extends OutputSettings {
  readonly environment: string | undefined
  readonly overrides: PackOverrides
  /** How many generators share the load; told by the machine, or by the agents, unless given. */
  readonly workers: number | undefined
  /** Present where other machines make the load. */
  readonly fabric: FabricSettings | undefined
  /** Which share of the load may be lost, from 0 to 1. */
  readonly allowLossRatio: number
  /** Who makes the load: Squall itself, or the stock Artillery that is installed. */
  readonly runner: Runner
  /** Where numbers go while the run goes on. */
  readonly exports: readonly NumbersExport[]
  /** Present where the user wants to look at one client. */
  readonly debug: DebugSettings | undefined
  /** Settings that cannot be used; told together with the problems of the pack, so that all are known at once. */
  readonly problems: readonly Problem[]
}

export type Runner = 'native' | 'artillery'

const countExpected = 'a whole number of at least 1'
const leaseExpected = `a time of at least ${shortestLeaseMs / 1000}s, such as 15s`
const leaseSchema = z
  .unknown()
  .transform((value) => parseDuration(value) ?? 0)
  .refine((leaseMs) => leaseMs >= shortestLeaseMs, leaseExpected)
const schemas = {
  runner: z.enum(['native', 'artillery'], 'native or artillery'),
  count: z.coerce.number(countExpected).int(countExpected).min(1, countExpected),
  ratio: numberBetween(0, 1, 'a number from 0 to 1'),
  list: z.array(z.string('text'), 'a list of texts'),
}

/** All that the pack is read with, but the name of its environment. */
const overrideNames = [...packOptions, ...connectionOptions].map(({ key }) => key).filter((key) => key !== 'env')

/** Checks the settings that do not override the pack; those that do are checked with it. */
export function toRunSettings(settings: Settings): RunSettings {
  const reader = new SettingReader()
  return {
    environment: reader.read(settings.env, textSchema),
    overrides: packOverridesOf(settings, overrideNames),
    workers: reader.read(settings.workers, workersSchema),
    runner: reader.read(settings.runner, schemas.runner) ?? 'native',
    ...readOutput(settings, reader),
    exports: readExports(settings, reader),
    fabric: readFabric(settings, reader),
    allowLossRatio: reader.read(settings.allowLoss, schemas.ratio) ?? 0,
    debug: readDebug(settings, reader),
    problems: reader.problems,
  }
}

function readFabric({ fabric, agents, lease, resume, runner }: Settings, reader: SettingReader): FabricSettings | undefined {
  const url = reader.read(fabric, fabricUrlSchema)
  const read = {
    agents: reader.read(agents, schemas.count),
    leaseMs: reader.read(lease, leaseSchema),
    resume: reader.read(resume, textSchema),
  }
  if (fabric !== undefined && runner?.value === 'artillery')
    reader.problems.push({ ...runner, expected: 'native where --fabric is given: stock Artillery knows no fabric' })
  if (url !== undefined) return { url, secret: secretOf(process.env), ...read }
  for (const setting of [agents, lease, resume])
    if (setting !== undefined && fabric === undefined) reader.problems.push({ ...setting, expected: '--fabric beside it' })
  return undefined
}

function readDebug({ debug, iterations, scenario }: Settings, reader: SettingReader): DebugSettings | undefined {
  const isDebug = reader.read(debug, switchSchema) ?? false
  const read = { iterations: reader.read(iterations, schemas.count) ?? 1, scenario: reader.read(scenario, textSchema) }
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
