import type { FailureSample } from '@squall/metrics'

const samplesPerCode = 3
const codesShown = 50

/** The first failed calls of each code over all generators: enough to see what went wrong, however many fail. */
export class ShownSamples {
  readonly #byCode = new Map<string, FailureSample[]>()

  /** By code, the earliest first. */
  get all(): readonly FailureSample[] {
    return [...this.#byCode.values()]
      .flat()
      .toSorted((left, right) => (left.code < right.code ? -1 : Number(left.code > right.code)))
  }

  add(samples: readonly FailureSample[]): void {
    for (const sample of samples) {
      const known = this.#byCode.get(sample.code) ?? []
      const isFull = known.length === 0 ? this.#byCode.size >= codesShown : known.length >= samplesPerCode
      if (!isFull) this.#byCode.set(sample.code, [...known, sample])
    }
  }
}
