import { CodedError } from '@squall/errors'
import type { ArrivalPhase, LoadModel } from '@squall/load-plan'
import { squallErrors } from '../errors.ts'

/** A phase as stock Artillery reads it. */
export type ArtilleryPhase = { readonly name: string; readonly duration: string } & (
  | { readonly arrivalCount: number }
  | { readonly arrivalRate: number; readonly rampTo?: number; readonly mode?: 'poisson' }
)

/**
 * The arrivals of a plan as stock Artillery can make them.
 * @throws CodedError SQUALL_RUNNER_CANNOT for loads it cannot make.
 */
export function toArtilleryPhases(model: LoadModel): readonly ArtilleryPhase[] {
  if (model.type === 'closed') throw cannot('the pack has a fixed population of clients, and stock Artillery only knows arrivals')
  return model.phases.map(toPhase)
}

function toPhase({ name, durationMs, rateStart, rateEnd, spacing }: ArrivalPhase): ArtilleryPhase {
  // A number would be rounded to whole seconds.
  const common = { name, duration: `${Math.round(durationMs)}ms` }
  const isWhole = Number.isInteger(rateStart) && Number.isInteger(rateEnd)
  if (isWhole && rateStart !== rateEnd) return { ...common, arrivalRate: rateStart, rampTo: rateEnd }
  if (isWhole) return { ...common, arrivalRate: rateStart, ...(spacing === 'poisson' && { mode: spacing }) }
  // Artillery crashes on a fraction of an arrival per second, and can count arrivals instead.
  const arrivals = (rateStart * durationMs) / 1000
  if (rateStart === rateEnd && spacing === 'constant') return { ...common, arrivalCount: Math.floor(arrivals) }
  throw cannot(`phase "${name}" has a fraction of an arrival per second, which stock Artillery only takes at a constant rate`)
}

const cannot = (message: string): CodedError => new CodedError(squallErrors.SQUALL_RUNNER_CANNOT, { message })
