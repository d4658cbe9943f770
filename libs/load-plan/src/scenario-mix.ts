import type { LoadPlan, ScenarioPlan } from './load-plan.ts'

/** Fractions of weights are kept to this part of the smallest unit: weights of 0.35 and 0.65 are 7 and 13. */
const largestMultiplier = 1_000
/** Of all numbers, the one whose multiples come closest to none of each other's fractions. */
const goldenRatio = (Math.sqrt(5) - 1) / 2
/** Blocks longer than this would only cost memory. */
const longestCycle = 20_000
/** Where weights have no small common measure they are rounded to shares of this many. */
const roundedCycle = 1_000

/** Which scenario client or arrival `index` runs. */
export type ScenarioChoice = (index: number) => number

/**
 * Chooses scenarios in exact proportion to their weights, without chance: each block of as many indices as the (reduced) weights add
 * up to holds every scenario exactly as often as its weight says, evenly spread, and any run of indices is close to it.
 * Blocks are turned against each other by the golden ratio, so that a shard, which has every nth index, gets its share of each scenario too.
 * Source: smooth weighted round-robin as in nginx's upstream balancer.
 * @param weights not negative, with a positive sum.
 */
export function chooseByWeight(weights: readonly number[]): ScenarioChoice {
  const cycle = smoothCycle(wholeWeights(weights))
  const turnOf = (block: number): number => Math.floor(((block * goldenRatio) % 1) * cycle.length)
  return (index) => cycle[(index + turnOf(Math.floor(index / cycle.length))) % cycle.length] ?? 0
}

/**
 * The scenarios of a plan by index: first those with a fixed number of clients, one after the other, then the others by weight. Arrivals of
 * an open plan are all chosen by weight. Where all scenarios have fixed numbers, further clients take turns among them.
 */
export function chooseScenarios({ model, scenarios }: Pick<LoadPlan, 'model' | 'scenarios'>): ScenarioChoice {
  const fixedOf = (scenario: ScenarioPlan): number => (model.type === 'closed' ? (scenario.fixedClients ?? 0) : 0)
  const fixed = scenarios.flatMap((scenario, index) => Array.from({ length: fixedOf(scenario) }, () => index))
  const isShared = scenarios.some((scenario) => fixedOf(scenario) === 0)
  const byWeight = chooseByWeight(scenarios.map((scenario) => (isShared && fixedOf(scenario) > 0 ? 0 : scenario.weight)))
  return (index) => fixed[index] ?? byWeight(index - fixed.length)
}

function smoothCycle(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const credit = weights.map(() => 0)
  return Array.from({ length: total }, () => {
    weights.forEach((weight, scenario) => (credit[scenario] = (credit[scenario] ?? 0) + weight))
    const richest = credit.indexOf(Math.max(...credit))
    credit[richest] = (credit[richest] ?? 0) - total
    return richest
  })
}

/** The smallest whole numbers in the same proportion. */
function wholeWeights(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  for (let multiplier = 1; multiplier <= largestMultiplier; multiplier++) {
    const scaled = weights.map((weight) => weight * multiplier)
    if (!scaled.every(isNearlyWhole)) continue
    const whole = reduced(scaled.map(Math.round))
    if (whole.reduce((sum, weight) => sum + weight, 0) <= longestCycle) return whole
  }
  return reduced(weights.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.round((weight / total) * roundedCycle)))))
}

const isNearlyWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-9

function reduced(weights: readonly number[]): number[] {
  const divisor = weights.reduce(greatestCommonDivisor, 0)
  return weights.map((weight) => weight / divisor)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
