import { rankSumTest, signedRankTest } from './rank-test.ts'
import { at } from './ranks.ts'
import { medianOf } from './runs-needed.ts'
import { pairedShift, sampleShift, type ShiftEstimate } from './shift-estimate.ts'

/** What the runs of both sides say of one metric, on the scale on which its differences are additive. */
export interface Evidence {
  /** Of no difference at all, for this metric alone. */
  readonly pValue: number
  /** By how much the candidate lies above the base. */
  readonly shift: (confidence: number) => ShiftEstimate
  /** Differences as a pair of runs has them by chance alone, shifted or not. */
  readonly scatter: readonly number[]
}

/** Runs that ran side by side: what both had to bear falls out of their difference. */
export function pairedEvidence(base: readonly number[], candidate: readonly number[]): Evidence {
  const differences = base.map((value, index) => at(candidate, index) - value)
  return {
    pValue: signedRankTest(differences),
    shift: (confidence) => pairedShift(differences, confidence),
    scatter: differences,
  }
}

/** Runs of different times. */
export function independentEvidence(base: readonly number[], candidate: readonly number[]): Evidence {
  return {
    pValue: rankSumTest(base, candidate),
    shift: (confidence) => sampleShift(base, candidate, confidence),
    // Two runs that know nothing of each other scatter √2 times as much as one.
    scatter: [...centred(base), ...centred(candidate)].map((value) => value * Math.SQRT2),
  }
}

const centred = (values: readonly number[]): number[] => values.map((value) => value - medianOf(values))
