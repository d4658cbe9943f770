import type { RandomSource } from '@squall/time'
import type { MeasuredLevel } from './measured-level.ts'

export interface IntervalOptions {
  readonly random: RandomSource
  /** Such as 0.95. */
  readonly confidence?: number
}

const resamples = 1000
/** A window in which nothing failed, or nothing was left, still has a logarithm. */
const leastStrain = 1e-6

/**
 * Between which loads the SLO breaks, with the confidence asked for: windows are drawn again at random, the strain of each load is taken from
 * those drawn, made to rise with the load, and followed to where it crosses the edge of the SLO.
 * The gap between the highest load that kept the SLO and the lowest that broke it lies in the interval in any case, as nothing is known of what is in it.
 * Sources: B. Efron, Bootstrap Methods, Annals of Statistics 7 (1979); M. Ayer et al., Annals of Mathematical Statistics 26 (1955), of the rise.
 * @param levels one at least, each with windows; those of one load are taken together.
 * @param found the highest load that kept the SLO.
 */
export function capacityInterval(
  levels: readonly MeasuredLevel[],
  found: number,
  options: IntervalOptions,
): readonly [number, number] {
  const { random, confidence = 0.95 } = options
  const byLoad = [...Map.groupBy(levels, ({ load }) => load)].toSorted(([a], [b]) => a - b)
  const loads = byLoad.map(([load]) => load)
  const strains = byLoad.map(([, same]) =>
    same.flatMap(({ windows }) => windows.map(({ strain }) => Math.log(Math.max(leastStrain, strain)))),
  )
  const crossings = Array.from({ length: resamples }, () =>
    crossingOf(
      loads,
      risen(
        strains.map((values) => meanOfDraw(values, random)),
        strains.map(({ length }) => length),
      ),
    ),
  ).toSorted((a, b) => a - b)
  const tail = Math.floor(((1 - confidence) / 2) * resamples)
  const broken = levels.filter(({ load, strain }) => strain > 1 && load > found).map(({ load }) => load)
  const { [tail]: low = found, [resamples - 1 - tail]: high = found } = crossings
  return [Math.min(found, low), Math.max(found, high, broken.length === 0 ? 0 : Math.min(...broken))]
}

function meanOfDraw(values: readonly number[], random: RandomSource): number {
  let sum = 0
  for (let draw = 0; draw < values.length; draw += 1) sum += values[Math.floor(random.next() * values.length)] ?? 0
  return sum / values.length
}

/** The nearest series that never falls, by weighted least squares: neighbours that fall are put together at their mean. */
export function risen(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: { value: number; weight: number; size: number }[] = []
  for (const [index, value] of values.entries()) {
    let block = { value, weight: weights[index] ?? 1, size: 1 }
    for (let before = blocks.at(-1); before !== undefined && before.value > block.value; before = blocks.at(-1)) {
      blocks.pop()
      const weight = before.weight + block.weight
      block = {
        value: (before.value * before.weight + block.value * block.weight) / weight,
        weight,
        size: before.size + block.size,
      }
    }
    blocks.push(block)
  }
  return blocks.flatMap(({ value, size }) => Array.from({ length: size }, () => value))
}

/** The load at which a rising log-strain passes zero, on straight lines between loads; the first or last load where it does not. */
function crossingOf(loads: readonly number[], strains: readonly number[]): number {
  const above = strains.findIndex((strain) => strain > 0)
  if (above === -1) return loads.at(-1) ?? 0
  const [toLoad = 0, fromLoad] = [loads[above], loads[above - 1]]
  if (fromLoad === undefined) return toLoad
  const [from = 0, to = 0] = [strains[above - 1], strains[above]]
  return fromLoad + (toLoad - fromLoad) * (-from / (to - from))
}
