import { ByteReader } from './byte-reader.ts'
import { counterNames } from './counters.ts'
import { HistogramReading } from './histogram-reading.ts'
import { readHistogram } from './latency-histogram.ts'
import { latencyNames } from './latency-set.ts'
import type { EncodedHistogram, GeneratorHealth, SeriesSnapshot, Snapshot } from './snapshot.ts'

/** Several times what the series that a generator keeps at most can take; what is made of bytes is some thirty times as large at worst. */
const mostBytes = 8 * 1024 * 1024

/**
 * Reads what `packSnapshot` made. The histograms stay where they are in `bytes`.
 * @throws RangeError for bytes that no snapshot is packed to.
 */
export function unpackSnapshot(bytes: Uint8Array): Snapshot {
  if (bytes.length > mostBytes) throw new RangeError(`${bytes.length} bytes are too many for a snapshot`)
  return new SnapshotReader(bytes).read()
}

class SnapshotReader {
  readonly #reader: ByteReader
  readonly #names: readonly string[]

  constructor(bytes: Uint8Array) {
    this.#reader = new ByteReader(bytes)
    this.#names = this.#reader.list(() => this.#reader.text())
  }

  read(): Snapshot {
    const reader = this.#reader
    const second = reader.varint()
    const foldedCalls = reader.varint()
    const clients = Object.fromEntries(reader.list(() => [this.#name(), this.#amount()] as const))
    const counters = Object.fromEntries(reader.list(() => [this.#oneOf(counterNames), this.#amount()] as const))
    const latencies = Object.fromEntries(reader.list(() => [this.#oneOf(latencyNames), this.#histogram()] as const))
    const generator = this.#health()
    const series = reader.list(() => this.#series())
    if (reader.bytesLeft > 0) throw new RangeError(`${reader.bytesLeft} bytes are left of a snapshot`)
    return { second, clients, counters, series, foldedCalls, latencies, generator }
  }

  #name(): string {
    return this.#oneOf(this.#names)
  }

  #oneOf<T extends string>(names: readonly T[]): T {
    const place = this.#reader.varint()
    const name = names[place]
    if (name === undefined) throw new RangeError(`there is no name ${place}`)
    return name
  }

  #amount(): number {
    const amount = this.#reader.float()
    if (!Number.isFinite(amount)) throw new RangeError(`${amount} is no amount`)
    return amount
  }

  // Checked here rather than where it is merged: of a snapshot that is not whole nothing may be merged.
  #histogram(): EncodedHistogram {
    const bytes = this.#reader.bytes(this.#reader.varint())
    readHistogram(bytes, checked)
    return bytes
  }

  #health(): GeneratorHealth {
    return {
      cpuMs: this.#amount(),
      wallMs: this.#amount(),
      rssBytes: this.#amount(),
      eventLoopUtilization: this.#amount(),
      eventLoopDelay: this.#histogram(),
      scheduleLag: this.#histogram(),
    }
  }

  #series(): SeriesSnapshot {
    const key = {
      method: this.#name(),
      tool: this.#name(),
      clientKind: this.#name(),
      transport: this.#name(),
      phase: this.#name(),
    }
    const reader = this.#reader
    const ok = reader.varint()
    const failed = reader.varint()
    const errors = Object.fromEntries(reader.list(() => [this.#name(), reader.varint()] as const))
    const service = this.#histogram()
    const isSame = reader.varint() === 1
    return { key, ok, failed, errors, service, response: isSame ? service : this.#histogram() }
  }
}

const checked = new HistogramReading()
