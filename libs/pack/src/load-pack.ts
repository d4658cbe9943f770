import { dirname } from 'node:path'
import { CodedError } from '@squall/errors'
import type { LoadPlan, ScenarioPlan } from '@squall/load-plan'
import { isObject, type JsonObject } from './apply-environment.ts'
import { checkNames } from './check-names.ts'
import { checkPlan } from './check-plan.ts'
import { checkThresholdScopes } from './check-threshold-scopes.ts'
import { defaults } from './defaults.ts'
import { resolveVariables } from './environment-variables.ts'
import { packErrors } from './errors.ts'
import { findPackFile, packName } from './find-pack-file.ts'
import { toKeyPath, type KeyPath } from './key-path.ts'
import { notesOn } from './notes.ts'
import { readOverrides, type ReadOverrides } from './overrides.ts'
import { PackCheck } from './pack-check.ts'
import { PackSource } from './pack-source.ts'
import type { LoadedPack, PackRequest } from './pack.ts'
import { readRoot, type Root } from './read-root.ts'
import { readText } from './read-text.ts'
import { readTls } from './read-tls.ts'
import { refuseCommands, refuseReach } from './refuse-reach.ts'
import { httpSection, tlsSection } from './sections/connection-section.ts'
import { squallKeys } from './sections/config-section.ts'
import { mcpSection, type McpSection } from './sections/mcp-section.ts'
import { readPayloads } from './sections/payload-section.ts'
import { phasesSection } from './sections/phases-section.ts'
import { readScenario } from './sections/scenario-section.ts'
import { squallSection } from './sections/squall-section.ts'
import { toThresholds, type WrittenThreshold } from './sections/thresholds-section.ts'
import { variablesSection } from './sections/variables-section.ts'
import { readTarget } from './target.ts'
import { toModel } from './to-model.ts'

/**
 * Reads a pack, checks all of it, and makes the plan of a run from it.
 * @throws CodedError PACK_NOT_FOUND, PACK_UNREADABLE; PACK_INVALID with every problem of the pack and of the overrides at once.
 */
export function loadPack(request: PackRequest): LoadedPack {
  const file = request.text === undefined ? findPackFile(request.path) : request.path
  const source = new PackSource(file, request.text ?? readPack(file))
  const locate = (path: KeyPath): string => source.locate(inEnvironment(path, source, request.environment))
  const check = new PackCheck(locate)
  check.add(...(request.problems ?? []))
  const overrides = readOverrides(request.overrides ?? {}, check)
  const root = readRoot(source, request.environment, check)
  checkIntegers(source, check)
  // What is refused is read no further: to read it would be to do what is refused.
  const isSent = request.text !== undefined
  const loaded = root && !(isSent && refuseReach(root, check)) && readParts(root, { file, request, overrides, check, locate })
  if (!loaded || check.problems.length > 0) throw refusal(nameOf(request, file), check)
  return { ...loaded, locate }
}

/** What is sent as it is written must arrive so. Settings have limits of their own, far below. */
function checkIntegers(source: PackSource, check: PackCheck): void {
  for (const { path, source: written } of source.inexactIntegers())
    if (path[0] === 'scenarios' || path.includes('variables'))
      check.at(path, { value: written, expected: 'a whole number of at most 15 digits, or a longer one as text in quotes' })
}

interface Context {
  readonly file: string
  readonly request: PackRequest
  readonly overrides: ReadOverrides
  readonly check: PackCheck
  readonly locate: LoadedPack['locate']
}

function readPack(file: string): string {
  try {
    return readText(file)
  } catch (cause) {
    throw new CodedError(packErrors.PACK_UNREADABLE, { message: `cannot read ${file}: ${(cause as Error).message}`, cause })
  }
}

/** The environment's own key, where the value came from there. */
function inEnvironment(path: KeyPath, source: PackSource, environment: string | undefined): KeyPath {
  if (environment === undefined || path[0] !== 'config') return path
  const inside = ['config', 'environments', environment, ...path.slice(1)]
  return source.has(inside) ? inside : path
}

/** What was sent lies nowhere. */
const nameOf = ({ text }: PackRequest, file: string): string => (text === undefined ? packName(file) : file)

function refusal(name: string, { problems }: PackCheck): CodedError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
  return new CodedError(packErrors.PACK_INVALID, { message: `${name} cannot be run: ${count}`, problems })
}

function readParts(root: Root, context: Context): Omit<LoadedPack, 'locate'> | undefined {
  const { file, request, overrides, check, locate } = context
  const given = request.overrides ?? {}
  const config = resolveConfig(root.config, context)
  const squall = check.read(squallSection, config['squall'] ?? {}, ['config', 'squall'])
  const mcp = check.read(mcpSection, config['mcp'] ?? {}, ['config', 'mcp']) ?? {}
  const phases = config['phases'] === undefined ? undefined : check.read(phasesSection, config['phases'], ['config', 'phases'])
  const scenarios = readScenarios(root, mcp, context)
  if (request.text !== undefined) refuseCommands(scenarios, check)
  const target = readTarget({ written: config['target'], squall, overrides, given, scenarios }, check)
  const data = readPayloads(config['payload'], dirname(file), check)
  const variables = readVariables(config, check)
  const tls = readTls(
    {
      written: check.read(tlsSection, config['tls'] ?? {}, ['config', 'tls']) ?? {},
      directory: dirname(file),
      overrides,
      given,
    },
    check,
  )
  const http = check.read(httpSection, config['http'] ?? {}, ['config', 'http'])
  const proxyUrl = overrides.proxy ?? squall?.proxy
  // Of wrong phases it is told what is wrong with them, and not that there are none.
  const isModelUnknown = phases === undefined && config['phases'] !== undefined && squall?.clients === undefined
  const input = squall && { squall, phases, overrides, given, directory: dirname(file) }
  const model = input && (isModelUnknown ? undefined : toModel(input, check))
  const { processor, notes } = checkNames(
    { file, scenarios, fields: data.fields, variables, processor: config['processor'] },
    check,
  )
  if (squall === undefined || model === undefined) return undefined
  const plan: Omit<LoadPlan, 'target'> = {
    version: 1,
    name: nameOf(request, file),
    seed: overrides.seed ?? squall.seed ?? defaults.seed,
    model,
    scenarios,
    payloads: data.payloads,
    variables,
    requestTimeoutMs: mcp.timeout ?? http?.timeout ?? defaults.requestTimeoutMs,
    maxLagMs: squall.maxLag ?? defaults.maxLagMs,
    warmUpMs: squall.warmUp ?? defaults.warmUpMs,
    ...toThresholds(orUsual(overrides.thresholds ?? squall.thresholds)),
    ...(tls && { tls }),
    ...(proxyUrl !== undefined && { proxyUrl }),
    ...(processor !== undefined && { processor }),
  }
  const isAsWritten = overrides.clients === undefined && overrides.rate === undefined
  checkPlan(plan, { isAsWritten }, check)
  const placeOf = (index: number): string => given.thresholds?.where ?? locate(['config', 'squall', 'thresholds', index])
  const scopeNotes = checkThresholdScopes(plan, { placeOf, isAsWritten }, check)
  return { plan, target, notes: [...notesOn(root, processor !== undefined), ...data.notes, ...notes, ...scopeNotes] }
}

/** A list without any states none. */
const orUsual = (list: readonly WrittenThreshold[] | undefined): readonly WrittenThreshold[] =>
  list === undefined || list.length === 0 ? defaults.thresholds : list

/** What Squall reads of the configuration, with environment variables put in. */
function resolveConfig(config: JsonObject, { request, check }: Context): JsonObject {
  // A target that is overridden need not make sense here.
  const read = squallKeys.filter((key) => key in config && !(key === 'target' && request.overrides?.target))
  return Object.fromEntries(
    read.map((key) => [key, resolveVariables(config[key] ?? null, request.processEnvironment, check, ['config', key])]),
  )
}

function readScenarios({ config, scenarios }: Root, mcp: McpSection, { request, check }: Context): ScenarioPlan[] {
  const firstOf = new Map<string, number>()
  return scenarios.flatMap((written, index) => {
    const resolved = resolveVariables(written, request.processEnvironment, check, ['scenarios', index])
    const scenario = readScenario(resolved, index, { mcp, engine: config['engine'] ?? 'http' }, check)
    if (scenario === undefined) return []
    // Numbers, and clients, find their scenario by its name.
    const first = firstOf.get(scenario.name)
    if (first === undefined) firstOf.set(scenario.name, index)
    else
      check.at(['scenarios', index, 'name'], {
        value: scenario.name,
        expected: `a name of its own: ${toKeyPath(['scenarios', first])} has it already`,
      })
    return scenario
  })
}

function readVariables({ variables = {} }: JsonObject, check: PackCheck): JsonObject {
  const path = ['config', 'variables']
  if (isObject(variables) && Object.hasOwn(variables, '__proto__'))
    check.at([...path, '__proto__'], { expected: 'another name, which not every object has' })
  return check.read(variablesSection, variables, path) ?? {}
}
