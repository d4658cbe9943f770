import { CodedError } from '@squall/errors'
import type { Json, LoadPlan } from '@squall/load-plan'
import type { z } from 'zod'
import { isObject } from './apply-environment.ts'
import { defaults } from './defaults.ts'
import { resolveVariables } from './environment-variables.ts'
import { packErrors } from './errors.ts'
import { toKeyPath } from './key-path.ts'
import { PackCheck } from './pack-check.ts'
import { readTls } from './read-tls.ts'
import { httpSection, tlsSection } from './sections/connection-section.ts'
import { mcpSection } from './sections/mcp-section.ts'
import { readScenario } from './sections/scenario-section.ts'

/** One scenario of a script that another host has found, parsed and put its own data into, such as stock Artillery. */
export interface ParsedScenario {
  /** The script's `config`; only what clients need of it is read. */
  readonly config: unknown
  readonly scenario: unknown
  readonly processEnvironment: Readonly<Record<string, string | undefined>>
}

/**
 * The plan of a single client of one scenario. The host starts clients and hands them data, so its model is one arrival.
 * @throws CodedError PACK_INVALID with every problem of the scenario and of `config.mcp` at once.
 */
export function planParsedScenario(parsed: ParsedScenario): LoadPlan {
  const check = new PackCheck(toKeyPath)
  // Both came out of a YAML or JSON file; hosts may have added functions, which `toPlainData` leaves behind.
  const config = toPlainData(parsed.config)
  const written = resolveVariables(toPlainData(parsed.scenario), parsed.processEnvironment, check, ['scenarios', 0])
  const { mcp: ownMcp = {}, tls: ownTls = {}, http: ownHttp = {}, engine = 'http', target = '' } = isObject(config) ? config : {}
  const read = <T>(schema: z.ZodType<T>, value: Json, key: string): T | undefined => {
    const path = ['config', key]
    return check.read(schema, resolveVariables(value, parsed.processEnvironment, check, path), path)
  }
  const mcp = read(mcpSection, ownMcp, 'mcp') ?? {}
  const http = read(httpSection, ownHttp, 'http')
  // Artillery does not say where its script lies; it is mostly started there.
  const tls = readTls({ written: read(tlsSection, ownTls, 'tls') ?? {}, directory: '.', overrides: {}, given: {} }, check)
  const scenario = readScenario(written, 0, { mcp, engine }, check)
  if (!scenario || check.problems.length > 0) throw new CodedError(packErrors.PACK_INVALID, { problems: check.problems })
  return {
    version: 1,
    name: scenario.name,
    target: typeof target === 'string' ? target : '',
    seed: defaults.seed,
    model: { type: 'open', phases: [{ name: '', durationMs: 1000, rateStart: 1, rateEnd: 1, spacing: 'constant' }] },
    scenarios: [scenario],
    payloads: [],
    variables: {},
    requestTimeoutMs: mcp.timeout ?? http?.timeout ?? defaults.requestTimeoutMs,
    maxLagMs: defaults.maxLagMs,
    warmUpMs: 0,
    thresholds: [],
    ...(tls && { tls }),
  }
}

// JSON itself decides what is data.
const toPlainData = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null, dateAsWritten)) as Json

/** Artillery's reader of YAML makes a `Date` of `2026-07-28`; YAML 1.2, and so Squall, reads a text there. */
function dateAsWritten(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  return this[key] instanceof Date && typeof value === 'string' ? value.replace(/T00:00:00\.000Z$/, '') : value
}
