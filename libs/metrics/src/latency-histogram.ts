import { ByteWriter } from './byte-writer.ts'
import { HistogramReading } from './histogram-reading.ts'

/** Largest relative error of a quantile. */
export const relativeAccuracy = 0.01

const gamma = (1 + relativeAccuracy) / (1 - relativeAccuracy)
const logGamma = Math.log(gamma)
/** Latencies below a microsecond share the first bin. */
const smallestMs = 0.001
/** About 11 days; what is longer is counted there, while `maxMs` stays exact. */
const largestMs = 1e9
const binCount = binOf(largestMs) + 1

/**
 * Latencies in milliseconds, in logarithmic bins: quantiles are at most 1 % off, and merging is exact, bin for bin.
 * Source of the bin rule: Masson, Rim and Lee, "DDSketch", VLDB 2019, section 2.
 */
export class LatencyHistogram {
  #bins = new Uint32Array(0)
  #firstBin = 0
  #count = 0
  #sumMs = 0
  #minMs = Number.POSITIVE_INFINITY
  #maxMs = 0

  get count(): number {
    return this.#count
  }

  /** Exact; 0 where nothing was recorded. */
  get minMs(): number {
    return this.#count === 0 ? 0 : this.#minMs
  }

  /** Exact; 0 where nothing was recorded. */
  get maxMs(): number {
    return this.#maxMs
  }

  /** Exact up to rounding; 0 where nothing was recorded. */
  get meanMs(): number {
    return this.#count === 0 ? 0 : this.#sumMs / this.#count
  }

  /**
   * @param latencyMs finite and not negative.
   * @throws RangeError for anything else, which would spoil the sum and the bins for good.
   */
  record(latencyMs: number): void {
    if (!(latencyMs >= 0 && latencyMs < Number.POSITIVE_INFINITY)) throw new RangeError(`${latencyMs} is not a latency`)
    this.#addToBin(binOf(latencyMs), 1)
    this.#count++
    this.#sumMs += latencyMs
    if (latencyMs < this.#minMs) this.#minMs = latencyMs
    if (latencyMs > this.#maxMs) this.#maxMs = latencyMs
  }

  /** Adds all of another histogram's values to this one. */
  merge(other: LatencyHistogram): void {
    if (other.#count === 0) return
    this.#cover(binOf(other.#minMs), binOf(other.#maxMs))
    other.#bins.forEach((count, offset) => {
      if (count > 0) this.#addToBin(other.#firstBin + offset, count)
    })
    this.#addSummary(other.#count, other.#sumMs, other.#minMs, other.#maxMs)
  }

  /** Another one with the same values, which does not change with this one. */
  copy(): LatencyHistogram {
    const copy = new LatencyHistogram()
    copy.merge(this)
    return copy
  }

  /**
   * The latency in milliseconds that the share `q` of the values does not exceed, at most 1 % off.
   * @param q from 0 to 1; 0 where nothing was recorded.
   */
  quantileMs(q: number): number {
    if (this.#count === 0) return 0
    const rank = Math.max(1, Math.ceil(q * this.#count))
    let seen = 0
    for (let offset = 0; offset < this.#bins.length; offset++) {
      seen += this.#bins[offset] ?? 0
      if (seen >= rank) return Math.min(Math.max(middleOf(this.#firstBin + offset), this.#minMs), this.#maxMs)
    }
    return this.#maxMs
  }

  /** How many values do not exceed `limitMs`, as far as bins can tell: values within 1 % of it may count on either side. */
  countUpTo(limitMs: number): number {
    if (this.#count === 0 || limitMs < this.#minMs) return 0
    if (limitMs >= this.#maxMs) return this.#count
    const last = Math.min(binOf(limitMs) - this.#firstBin, this.#bins.length - 1)
    return this.#bins.subarray(0, last + 1).reduce((sum, count) => sum + count, 0)
  }

  /**
   * The sparse form: sum, min and max, then for each filled bin twice its distance from the one before, plus one where its count follows; without
   * that it holds a single value, as most do in a second.
   */
  encode(): Uint8Array {
    if (this.#count === 0) return new Uint8Array(0)
    for (const value of [this.#sumMs, this.#minMs, this.#maxMs]) writer.float(value)
    let previousBin = 0
    this.#bins.forEach((count, offset) => {
      if (count === 0) return
      const bin = this.#firstBin + offset
      const step = (bin - previousBin) * 2
      writer.varint(count === 1 ? step : step + 1)
      if (count > 1) writer.varint(count)
      previousBin = bin
    })
    return writer.take()
  }

  /**
   * Adds the values of an encoded histogram, without building it first.
   * @throws RangeError for bytes that no histogram is encoded to; nothing is added then.
   */
  mergeEncoded(encoded: Uint8Array): void {
    this.mergeReading(readHistogram(encoded, ownReading))
  }

  /** Adds the values of an encoded histogram that was read. */
  mergeReading(reading: HistogramReading): void {
    const { filled, bins: readBins, counts: readCounts } = reading
    if (filled === 0) return
    this.#cover(readBins[0] ?? 0, readBins[filled - 1] ?? 0)
    const bins = this.#bins
    const firstBin = this.#firstBin
    for (let place = 0; place < filled; place++) {
      const offset = (readBins[place] ?? 0) - firstBin
      bins[offset] = (bins[offset] ?? 0) + (readCounts[place] ?? 0)
    }
    this.#addSummary(reading.count, reading.sumMs, reading.minMs, reading.maxMs)
  }

  clear(): void {
    this.#bins.fill(0)
    this.#count = 0
    this.#sumMs = 0
    this.#minMs = Number.POSITIVE_INFINITY
    this.#maxMs = 0
  }

  #addSummary(count: number, sumMs: number, minMs: number, maxMs: number): void {
    this.#count += count
    this.#sumMs += sumMs
    this.#minMs = Math.min(this.#minMs, minMs)
    this.#maxMs = Math.max(this.#maxMs, maxMs)
  }

  #addToBin(bin: number, count: number): void {
    let offset = bin - this.#firstBin
    if (offset < 0 || offset >= this.#bins.length) {
      this.#cover(bin, bin)
      offset = bin - this.#firstBin
    }
    this.#bins[offset] = (this.#bins[offset] ?? 0) + count
  }

  // Grows by half its size at least, so that a stream of slowly rising latencies does not copy the bins each time.
  #cover(first: number, last: number): void {
    const { length } = this.#bins
    const lastBin = this.#firstBin + length - 1
    const isEmpty = length === 0
    if (!isEmpty && first >= this.#firstBin && last <= lastBin) return
    const spare = Math.max(spareBins, length >> 1)
    const newFirst = isEmpty || first < this.#firstBin ? Math.max(0, first - spare) : this.#firstBin
    const newLast = isEmpty || last > lastBin ? Math.min(binCount - 1, last + spare) : lastBin
    const wider = new Uint32Array(newLast - newFirst + 1)
    wider.set(this.#bins, isEmpty ? 0 : this.#firstBin - newFirst)
    this.#bins = wider
    this.#firstBin = newFirst
  }
}

/**
 * Reads an encoded histogram, so that it can be merged into several.
 * @throws RangeError for bytes that no histogram is encoded to.
 */
export function readHistogram(encoded: Uint8Array, reading: HistogramReading): HistogramReading {
  return reading.read(encoded, binCount)
}

const writer = new ByteWriter(1_024)
const ownReading = new HistogramReading()
const spareBins = 16

function binOf(latencyMs: number): number {
  if (latencyMs <= smallestMs) return 0
  return Math.ceil(Math.log(Math.min(latencyMs, largestMs) / smallestMs) / logGamma)
}

/** The value whose distance to both ends of its bin is the same relative error. */
function middleOf(bin: number): number {
  return bin === 0 ? smallestMs : (smallestMs * 2 * gamma ** bin) / (gamma + 1)
}
