import { CodedError, nearestName, type Problem } from '@squall/errors'
import type { TargetAllowlist } from '@squall/fabric'
import { loadPack, type LoadedPack } from '@squall/pack'
import { unknownKey } from '@squall/virtual-client'
import { squallErrors } from '../errors.ts'
import type { Setting, Settings } from '../settings/gather-settings.ts'
import type { RunOptionKey } from '../settings/run-options.ts'
import { toRunSettings } from '../settings/run-settings.ts'
import type { PackShelf } from './pack-shelf.ts'
import type { RunOrder } from './run-order.ts'

/** What decides which runs may be asked for. */
export interface OrderRules {
  readonly shelf: PackShelf
  readonly allowlist: TargetAllowlist
  /** Of the agents; absent where this machine makes the load itself. */
  readonly fabricUrl: string | undefined
  /** Where packs of this machine look for `{{ $env.NAME }}`. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** An order, and what a person should know of it. */
export interface ReadOrder extends RunOrder {
  readonly notes: readonly string[]
}

const packKeys = ['pack', 'packText', 'name'] as const
const settingKeys: readonly RunOptionKey[] = [
  'target',
  'env',
  'clients',
  'spawnRate',
  'rate',
  'duration',
  'seed',
  'thresholds',
  'workers',
  'agents',
  'lease',
  'allowLoss',
]
const knownKeys: readonly string[] = [...packKeys, ...settingKeys]

type Body = Readonly<Record<string, unknown>>

/**
 * Makes an order of what somebody sent; nothing but a pack of the shelf may read or run anything of this machine.
 * @throws CodedError SQUALL_SERVE_BAD_REQUEST, PACK_UNREADABLE or PACK_INVALID with everything that is wrong.
 */
export function readOrder(sent: unknown, rules: OrderRules): ReadOrder {
  if (!isBody(sent)) throw refusal([{ where: 'the body', value: sent, expected: 'a JSON object such as { "pack": "smoke" }' }])
  const settings = toRunSettings(settingsOf(sent, rules))
  const problems = [...unknownKeys(sent), ...settings.problems, ...aloneProblems(sent, rules), ...targetProblems(sent, rules)]
  const source = findSource(sent, rules, problems)
  if (source === undefined) throw refusal(problems)
  const { environment, overrides } = settings
  const { plan, target, notes } = load({ ...source, environment, overrides, problems })
  const whole = { ...plan, target: target ?? '' }
  checkAddresses(whole, rules)
  const { workers, fabric, allowLossRatio } = settings
  return { plan: whole, settings: { workers, agents: fabric?.agents, leaseMs: fabric?.leaseMs, allowLossRatio }, notes }
}

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)

const refusal = (problems: readonly Problem[]): CodedError =>
  CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, { message: 'the run that was asked for cannot be made', problems })

function settingsOf(body: Body, { fabricUrl }: OrderRules): Settings {
  const given: [RunOptionKey, Setting][] = settingKeys.flatMap((key) =>
    body[key] === undefined || (fabricUrl === undefined && ofFabric.has(key)) ? [] : [[key, { where: key, value: body[key] }]],
  )
  return { ...Object.fromEntries(given), ...(fabricUrl !== undefined && { fabric: { where: '--fabric', value: fabricUrl } }) }
}

const ofFabric: ReadonlySet<string> = new Set(['agents', 'lease'])

function aloneProblems(body: Body, { fabricUrl }: OrderRules): Problem[] {
  if (fabricUrl !== undefined) return []
  const given = Object.entries(body).filter(([key]) => ofFabric.has(key))
  return given.map(([where, value]) => ({ where, value, expected: 'nothing: this server has no agents (--fabric)' }))
}

function unknownKeys(body: Body): Problem[] {
  const unknown = Object.keys(body).filter((key) => !knownKeys.includes(key))
  return unknown.map((key) => unknownKey(key, key, knownKeys))
}

const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'ws:', 'wss:'])

/** A target that is a command line would be run here. */
function targetProblems({ target }: Body, { allowlist }: OrderRules): Problem[] {
  if (typeof target !== 'string') return []
  const scheme = URL.parse(target)?.protocol ?? ''
  if (!schemes.has(scheme)) return [{ where: 'target', value: target, expected: 'a URL such as http://127.0.0.1:3000/mcp' }]
  return allowlist.allows(target) ? [] : [notAllowed('target', target, allowlist)]
}

const notAllowed = (where: string, value: string, { allowed }: TargetAllowlist): Problem => ({
  where,
  value,
  expected: `a host that this server allows: ${allowed.join(', ')}`,
  hint: 'who runs the server allows more with --allow-target HOST',
})

type Source = Pick<Parameters<typeof loadPack>[0], 'path' | 'text' | 'processEnvironment'>

/** @param problems where what is wrong is added to. */
function findSource({ pack, packText, name }: Body, { shelf, environment }: OrderRules, problems: Problem[]): Source | undefined {
  if ((pack === undefined) === (packText === undefined)) {
    problems.push({ where: 'pack', expected: 'either pack, the name of a pack, or packText, the pack itself' })
    return undefined
  }
  if (packText !== undefined) return readSent(packText, name, problems)
  if (name !== undefined) problems.push({ where: 'name', value: name, expected: 'packText beside it: a pack has its own name' })
  const path = typeof pack === 'string' ? shelf.find(pack) : undefined
  if (path !== undefined) return { path, processEnvironment: environment }
  const names = shelf.names()
  const nearest = typeof pack === 'string' ? nearestName(pack, names) : undefined
  problems.push({
    where: 'pack',
    value: pack,
    expected: `one of the packs ${names.join(', ')}`,
    ...(nearest !== undefined && { hint: `did you mean ${nearest}?` }),
  })
  return undefined
}

const namePattern = /^\w[\w .-]{0,79}$/

function readSent(text: unknown, name: unknown, problems: Problem[]): Source | undefined {
  const isNamed = typeof name === 'string' && namePattern.test(name)
  if (name !== undefined && !isNamed)
    problems.push({ where: 'name', value: name, expected: 'at most 80 letters, digits, spaces, dots, dashes and underscores' })
  // Nothing of this machine's environment is to be found by it.
  if (typeof text === 'string') return { path: isNamed ? name : 'pack', text, processEnvironment: {} }
  problems.push({ where: 'packText', expected: 'the text of a pack, in YAML or JSON' })
  return undefined
}

/** What is wrong beside a pack that cannot even be read is told as well. */
function load(request: Parameters<typeof loadPack>[0]): LoadedPack {
  try {
    return loadPack(request)
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'PACK_UNREADABLE') throw error
    const { message, problems } = error
    throw CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, {
      message,
      problems: [...problems, ...(request.problems ?? [])],
      cause: error,
    })
  }
}

/** A pack has more addresses than its target: a proxy, and where its clients get their tokens. */
function checkAddresses(plan: RunOrder['plan'], { allowlist }: OrderRules): void {
  if (plan.target === '')
    throw refusal([
      { where: 'target', expected: 'an address, since the pack names none; a server is not started for a run here' },
    ])
  const refused = allowlist.refused(plan)
  if (refused.length > 0) throw refusal(refused.map((address) => notAllowed('the pack', address, allowlist)))
}
