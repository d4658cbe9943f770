import { massOf, massWithin, timeOfMass } from './arrival-phase-mass.ts'
import type { ArrivalPhase, OpenModel } from './load-plan.ts'
import { UniformOrder } from './uniform-order.ts'

/** Every arrival of an open plan by its number in the whole run: 0, 1, … Any of them is found without those before it. */
export interface ArrivalSchedule {
  /** How many arrivals there are in the whole run. */
  readonly count: number
  readonly durationMs: number
  /** When arrival `index` is due, in milliseconds since T0; never falls from one index to the next. */
  dueMs(index: number): number
  /** The first arrival due at or after this many milliseconds since T0; `count` where there is none. */
  firstAtOrAfter(offsetMs: number): number
  /** The area under the rate up to this many milliseconds since T0: how many arrivals are expected by then, with fractions. */
  expectedAt(offsetMs: number): number
}

/**
 * Arrival j is due when the area under the rate reaches j, so the first one is due at once and a rate of 0.3 for ten seconds makes three.
 * Fractions carry over from phase to phase. In a `poisson` phase the same number of arrivals fall independently of each other, as densely as the
 * rate says: a Poisson process of which the number of arrivals is known.
 * @param startMass where the area under the rate begins; from -1 to 0, so much of the first arrival is still to come.
 */
export function createArrivalSchedule(model: OpenModel, seed: number, startMass = 0): ArrivalSchedule {
  const spans = spansOf(model.phases, seed, startMass)
  const count = spans.at(-1)?.endIndex ?? 0
  const spanOf = (index: number): PhaseSpan => {
    const span = spans.find(({ endIndex }) => index < endIndex)
    if (span === undefined || index < 0) throw new RangeError(`there is no arrival ${index} among ${count}`)
    return span
  }
  const dueMs = (index: number): number => dueWithin(spanOf(index), index)
  return {
    count,
    durationMs: model.phases.reduce((sum, phase) => sum + phase.durationMs, 0),
    dueMs,
    firstAtOrAfter: (offsetMs) => firstIndex(count, (index) => dueMs(index) >= offsetMs),
    expectedAt: (offsetMs) => spans.reduce((mass, span) => mass + massWithin(span.phase, offsetMs - span.startMs), startMass),
  }
}

interface PhaseSpan {
  readonly phase: ArrivalPhase
  readonly startMs: number
  /** The area under the rates of all phases before. */
  readonly startMass: number
  readonly mass: number
  readonly firstIndex: number
  readonly endIndex: number
  readonly order: UniformOrder
}

function spansOf(phases: readonly ArrivalPhase[], seed: number, firstMass: number): PhaseSpan[] {
  const spans: PhaseSpan[] = []
  let startMs = 0
  let startMass = firstMass
  for (const [number, phase] of phases.entries()) {
    const mass = massOf(phase)
    const firstIndex = firstIndexFrom(startMass)
    const endIndex = firstIndexFrom(startMass + mass)
    const order = new UniformOrder(endIndex - firstIndex, phaseSeed(seed, number))
    spans.push({ phase, startMs, startMass, mass, firstIndex, endIndex, order })
    startMs += phase.durationMs
    startMass += mass
  }
  return spans
}

function dueWithin({ phase, startMs, startMass, mass, firstIndex, order }: PhaseSpan, index: number): number {
  const reached = phase.spacing === 'poisson' ? order.at(index - firstIndex) * mass : index - startMass
  return startMs + timeOfMass(phase, Math.min(reached, mass))
}

// Rates such as 0.1 are not exact in binary; a sum of 3.0000000000000004 arrivals means three.
const firstIndexFrom = (mass: number): number => Math.max(0, Math.ceil(mass - 1e-6))

// Two phases with the same number of arrivals must not repeat each other.
const phaseSeed = (seed: number, phaseNumber: number): number => (seed ^ Math.imul(phaseNumber + 1, 0x85ebca6b)) >>> 0

/** The smallest index below `count` that fulfils a condition which holds for all after it as well; `count` where none does. */
function firstIndex(count: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
