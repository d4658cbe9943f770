import { CodedError } from '@squall/errors'
import type { Json, LoadPlan } from '@squall/load-plan'
import { isObject } from './apply-environment.ts'
import { defaults } from './defaults.ts'
import { resolveVariables } from './environment-variables.ts'
import { packErrors } from './errors.ts'
import { toKeyPath } from './key-path.ts'
import { PackCheck } from './pack-check.ts'
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
  const { mcp: ownMcp = {}, engine = 'http', target = '' } = isObject(config) ? config : {}
  const mcp =
    check.read(mcpSection, resolveVariables(ownMcp, parsed.processEnvironment, check, ['config', 'mcp']), ['config', 'mcp']) ?? {}
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
    requestTimeoutMs: mcp.timeout ?? defaults.requestTimeoutMs,
    maxLagMs: defaults.maxLagMs,
    warmUpMs: 0,
    thresholds: [],
  }
}

// JSON itself decides what is data.
const toPlainData = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json
