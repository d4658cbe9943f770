import { ByteWriter } from './byte-writer.ts'
import { counterNames } from './counters.ts'
import { latencyNames } from './latency-set.ts'
import type { EncodedHistogram, GeneratorHealth, SeriesSnapshot, Snapshot } from './snapshot.ts'

/** All its names are in front, each once; the rest points to them. A controller takes a thousand a second of these, so this is made to be read fast. */
export function packSnapshot(snapshot: Snapshot): Uint8Array {
  return new SnapshotWriter().write(snapshot)
}

/** Room for fifty tools. */
const usualBytes = 8 * 1024

class SnapshotWriter {
  readonly #body = new ByteWriter(usualBytes)
  readonly #names = new Map<string, number>()

  write({ second, clients, counters, series, foldedCalls, latencies = {}, generator }: Snapshot): Uint8Array {
    this.#body.varint(second)
    this.#body.varint(foldedCalls)
    this.#entries(Object.entries(clients), (kind, count) => {
      this.#name(kind)
      this.#body.float(count)
    })
    this.#entries(placesOf(counterNames, counters), (place, amount) => {
      this.#body.varint(place)
      this.#body.float(amount)
    })
    this.#entries(placesOf(latencyNames, latencies), (place, histogram) => {
      this.#body.varint(place)
      this.#histogram(histogram)
    })
    this.#health(generator)
    this.#body.varint(series.length)
    for (const one of series) this.#series(one)
    return this.#behindNames(this.#body.take())
  }

  #behindNames(body: Uint8Array): Uint8Array {
    const whole = new ByteWriter(usualBytes)
    whole.varint(this.#names.size)
    for (const name of this.#names.keys()) whole.text(name)
    whole.bytes(body)
    return whole.take()
  }

  #name(name: string): void {
    const number = this.#names.get(name) ?? this.#names.size
    if (number === this.#names.size) this.#names.set(name, number)
    this.#body.varint(number)
  }

  #entries<K, V>(entries: readonly (readonly [K, V])[], write: (key: K, value: V) => void): void {
    this.#body.varint(entries.length)
    for (const [key, value] of entries) write(key, value)
  }

  #health({ cpuMs, wallMs, rssBytes, eventLoopUtilization, eventLoopDelay, scheduleLag }: GeneratorHealth): void {
    for (const amount of [cpuMs, wallMs, rssBytes, eventLoopUtilization]) this.#body.float(amount)
    this.#histogram(eventLoopDelay)
    this.#histogram(scheduleLag)
  }

  #series({ key, ok, failed, errors, service, response }: SeriesSnapshot): void {
    for (const name of [key.method, key.tool, key.clientKind, key.transport, key.phase]) this.#name(name)
    this.#body.varint(ok)
    this.#body.varint(failed)
    this.#entries(Object.entries(errors), (code, count) => {
      this.#name(code)
      this.#body.varint(count)
    })
    this.#histogram(service)
    // Where nothing waited for its turn both are the same.
    const isSame = Buffer.compare(service, response) === 0
    this.#body.varint(Number(isSame))
    if (!isSame) this.#histogram(response)
  }

  #histogram(encoded: EncodedHistogram): void {
    this.#body.varint(encoded.length)
    this.#body.bytes(encoded)
  }
}

/** What is there of a set of names that both sides know, by their places in it. */
const placesOf = <K extends string, V>(names: readonly K[], values: Readonly<Partial<Record<K, V>>>): [number, V][] =>
  names.flatMap((name, place) => {
    const value = values[name]
    return value === undefined ? [] : [[place, value]]
  })
