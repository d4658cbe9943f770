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

interface Fact {
  readonly name: string
  readonly value: string
  readonly detail: string
}

/** The figures a planner takes away. */
export function capacityFacts({ maximum, knee, usl, model, bound, plan, verdict }: Capacity): Fact[] {
  return [
    ...(maximum === null
      ? []
      : [
          {
            name: maximum.isAtLeast ? 'At least' : 'Highest load',
            value: formatLoad(maximum.load, model),
            detail: maximum.isAtLeast
              ? `no more was ${verdict === 'inconclusive' ? 'measured to the end' : 'tried'}`
              : `95 % confidence: ${maximum.interval.map(formatCountOrRate).join(' to ')}`,
          },
          { name: 'Throughput there', value: `${formatRate(maximum.callsPerSecond)}/s`, detail: 'tool calls' },
        ]),
    { name: 'Bound by', value: boundName(bound.by), detail: bound.evidence[0] ?? '' },
    ...(knee === null
      ? []
      : [{ name: 'Knee', value: formatLoad(knee.clients, model), detail: `${formatRate(knee.callsPerSecond)} calls a second` }]),
    ...(usl === null || usl.peakClients === null
      ? []
      : [{ name: 'Predicted peak', value: formatLoad(usl.peakClients, model), detail: `R² ${usl.rSquared.toFixed(3)}` }]),
    ...(plan === null
      ? []
      : [
          {
            name: `For ${formatCount(plan.clients)} clients${maximum?.isAtLeast === true ? ', at most' : ''}`,
            value: `${plan.instances} ${plan.instances === 1 ? 'instance' : 'instances'}`,
            detail: [
              `${formatShare(plan.headroom)} of headroom`,
              ...(plan.poolSize === null ? [] : [`pools of ${plan.poolSize}`]),
              ...(plan.memoryBytes === null ? [] : [`${formatBytes(plan.memoryBytes)} each for clients`]),
            ].join(', '),
          },
        ]),
  ]
}

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
