import { ByteReader } from './byte-reader.ts'

const firstBins = 64
const mostInBin = 2 ** 32 - 1

/** The filled bins of an encoded histogram, in memory that is used for one after the other: read once, it can be merged into many. */
export class HistogramReading {
  count = 0
  sumMs = 0
  minMs = 0
  maxMs = 0
  /** How many bins are filled; what stands behind them is of an earlier one. */
  filled = 0
  bins = new Uint32Array(firstBins)
  counts = new Uint32Array(firstBins)

  /**
   * @param binCount how many bins there are.
   * @throws RangeError for bytes that no histogram is encoded to.
   */
  read(encoded: Uint8Array, binCount: number): this {
    this.count = 0
    this.filled = 0
    if (encoded.length === 0) return this
    const reader = new ByteReader(encoded)
    this.sumMs = reader.float()
    this.minMs = reader.float()
    this.maxMs = reader.float()
    if (!(this.minMs >= 0 && this.maxMs >= this.minMs && isLatency(this.maxMs) && isLatency(this.sumMs)))
      throw new RangeError(`latencies from ${this.minMs} to ${this.maxMs}, ${this.sumMs} together, are none`)
    let bin = 0
    while (reader.bytesLeft > 0) {
      const step = reader.varint()
      bin += Math.floor(step / 2)
      const count = step % 2 === 0 ? 1 : reader.varint()
      const isNew = this.filled === 0 || step > 1
      if (!isNew || bin >= binCount || count < 1 || count > mostInBin)
        throw new RangeError(`${count} values in bin ${bin} are none`)
      this.#put(bin, count)
    }
    if (this.count === 0) throw new RangeError('a histogram without values takes no bytes')
    return this
  }

  #put(bin: number, count: number): void {
    if (this.filled === this.bins.length) {
      this.bins = doubled(this.bins)
      this.counts = doubled(this.counts)
    }
    this.bins[this.filled] = bin
    this.counts[this.filled] = count
    this.filled++
    this.count += count
  }
}

const isLatency = (ms: number): boolean => ms >= 0 && ms < Number.POSITIVE_INFINITY

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}
