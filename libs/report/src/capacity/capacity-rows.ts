import { formatBytes, formatCount, formatMs, formatRate, formatShare } from '../format-number.ts'
import type { Capacity, CapacityLevel } from './capacity.ts'

/** `340 clients`, or `12.5 arrivals/s`. */
export const formatLoad = (load: number, model: Capacity['model']): string =>
  model === 'closed' ? `${formatCount(load)} ${load === 1 ? 'client' : 'clients'}` : `${formatRate(load)} arrivals/s`

export const loadTitle = (model: Capacity['model']): string => (model === 'closed' ? 'Clients' : 'Arrivals/s')

/** Titles of the table of levels behind that of the load, and what it shows of each. */
export const levelTitles = ['Calls/s', 'p50', 'p95', 'p99', 'Failed', 'SLO', 'Steady'] as const

/** @param confirmed the mark behind the load of a level that confirmed what was found. */
export function levelCells(level: CapacityLevel, confirmed: string): string[] {
  return [
    `${Number(level.load.toPrecision(6))}${level.type === 'confirm' ? confirmed : ''}`,
    formatRate(level.callsPerSecond),
    formatMs(level.p50),
    formatMs(level.p95),
    formatMs(level.p99),
    formatShare(level.errorRatio),
    level.meetsSlo ? 'kept' : 'broken',
    level.wasCut ? `given up after ${level.steadySeconds} s` : `${level.steadySeconds} s${level.isSteady ? '' : ', not level'}`,
  ]
}

/** The levels in order of load, those of one load in the order of measuring. */
export const levelsByLoad = ({ levels }: Capacity): CapacityLevel[] => levels.toSorted((a, b) => a.load - b.load)

/** Short: they stand in large type. A generator that gave way says nothing of the server. */
const boundNames: Readonly<Record<string, string>> = {
  'server-cpu': 'processor',
  'server-memory': 'memory',
  'rate-limit': 'rate limit',
  generator: 'not known',
  unknown: 'not known',
}

/** What breaks first, as a person says it. */
export const boundName = (by: string): string => boundNames[by] ?? by

export interface Fact {
  readonly name: string
  readonly value: string
  readonly detail: string
}

/** The four questions a planner comes with, each with its answer; without a plan there is no last. */
export const capacityAnswers = (capacity: Capacity): Fact[] => [
  howMany(capacity),
  howSure(capacity),
  { name: 'What breaks first', value: boundName(capacity.bound.by), detail: capacity.bound.evidence[0] ?? '' },
  ...whatToRun(capacity),
]

function howMany({ maximum, model, slo }: Capacity): Fact {
  const name = 'How many'
  if (maximum === null) return { name, value: 'not known', detail: `no load was found that keeps ${spaced(slo)}` }
  const least = maximum.isAtLeast ? 'at least ' : ''
  const detail = `${formatRate(maximum.callsPerSecond)} calls a second, at ${spaced(slo)}`
  return { name, value: `${least}${formatLoad(maximum.load, model)}`, detail }
}

function howSure({ maximum, verdict, levels, reasons }: Capacity): Fact {
  const name = 'How sure'
  if (maximum === null || verdict === 'inconclusive') return { name, value: 'not sure', detail: reasons[0] ?? '' }
  if (maximum.isAtLeast) return { name, value: 'no limit seen', detail: 'no more was tried' }
  const confirmed = levels.filter(({ type, load, meetsSlo }) => type === 'confirm' && load === maximum.load && meetsSlo).length
  const detail = `95 % confidence; held ${confirmed === 1 ? 'once' : confirmed === 2 ? 'twice' : `${confirmed} times`} more to confirm it`
  return { name, value: maximum.interval.map(formatCountOrRate).join(' to '), detail }
}

function whatToRun(capacity: Capacity): Fact[] {
  const { plan, maximum, pools } = capacity
  if (plan === null) return []
  const { clients, headroom, instances, poolSize, memoryBytes, creditsPerThousandCalls: credits } = plan
  const details = [
    `for ${formatCount(clients)} clients with ${formatShare(headroom)} of headroom`,
    ...(poolSize === null ? [] : [`pools of ${poolSize}`]),
    ...pools.slice(-1).map((pool) => `by forecast ${instancesFor(capacity, pool.clients)} with pools of ${pool.poolSize}`),
    ...(memoryBytes === null ? [] : [`${formatBytes(memoryBytes)} each for clients`]),
    ...(credits === null ? [] : [`${Number(credits.toPrecision(2))} credits for a thousand calls`]),
  ]
  const most = maximum?.isAtLeast === true ? 'at most ' : ''
  const value = `${most}${formatCount(instances)} ${instances === 1 ? 'instance' : 'instances'}`
  return [{ name: 'What to run', value, detail: details.join('; ') }]
}

const spaced = (slo: string): string => slo.replaceAll(',', ', ')

/** Figures beside the answers, where there are any. */
export function capacityFigures({ maximum, knee, usl, model }: Capacity): Fact[] {
  return [
    ...(maximum === null
      ? []
      : [{ name: 'Throughput there', value: `${formatRate(maximum.callsPerSecond)}/s`, detail: 'tool calls' }]),
    ...(knee === null
      ? []
      : [
          {
            name: 'Knee',
            value: formatLoad(knee.clients, model),
            detail: `${formatRate(knee.callsPerSecond)} calls a second; more load brings little more`,
          },
        ]),
    ...(usl === null || usl.peakClients === null
      ? []
      : [
          {
            name: 'Predicted peak',
            value: formatLoad(usl.peakClients, model),
            detail: `of throughput, by the scalability law (R² ${usl.rSquared.toFixed(3)})`,
          },
        ]),
  ]
}

/** Instances that the plan's clients would take, with another number of clients on each; nothing without a plan. */
export const instancesFor = ({ plan }: Capacity, clients: number): string =>
  plan === null || clients === 0 ? '–' : formatCount(Math.ceil((plan.clients * (1 + plan.headroom)) / clients - 1e-9))

const formatCountOrRate = (load: number): string => (Number.isInteger(load) ? formatCount(load) : formatRate(load))

/** The law and its coefficients in words, or why there is none. */
export function describeLaw({ usl, uslRefused }: Capacity): string {
  if (usl === null) return `No Universal Scalability Law was fitted: ${uslRefused ?? 'it was not tried'}.`
  const peak =
    usl.peakClients === null ? 'no peak within reach of what was measured' : `a peak at ${formatCount(usl.peakClients)} clients`
  return (
    `The Universal Scalability Law fits with R² ${usl.rSquared.toFixed(3)}: one client makes ${formatRate(usl.lambda)} calls a second, ` +
    `contention σ is ${coefficient(usl.sigma)}, coherency κ is ${coefficient(usl.kappa)}, with ${peak}.`
  )
}

const coefficient = (value: number): string =>
  value === 0 ? '0' : value < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(2)))

/** Whether the measurement agrees with itself, in words; nothing where that could not be checked. */
export function describeLittlesLaw({ littlesLaw }: Capacity): string {
  if (littlesLaw.length === 0) return ''
  const broken = littlesLaw.filter(({ holds }) => !holds)
  if (broken.length === 0)
    return `Little's law holds at all ${littlesLaw.length} loads it could be checked at: clients, throughput and times agree to within 10 %.`
  const list = broken.map(({ load, expectedClients }) => `${load} (${Math.round(expectedClients)} by the law)`).join(', ')
  return `Little's law does not hold at ${broken.length} of ${littlesLaw.length} loads: ${list}. Clients there did not behave as at the lowest load, or calls are missing.`
}
