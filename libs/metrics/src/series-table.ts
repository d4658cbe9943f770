import { BoundedNames, otherName } from './bounded-names.ts'
import type { SeriesKey } from './recorder.ts'

/** How many different values each part of a key may take, and how many series there may be. */
export interface SeriesLimits {
  readonly series: number
  readonly methods: number
  readonly tools: number
  readonly clientKinds: number
  readonly transports: number
  readonly phases: number
  readonly errorCodes: number
}

export const defaultSeriesLimits: SeriesLimits = {
  series: 5_000,
  methods: 50,
  tools: 500,
  clientKinds: 100,
  transports: 20,
  phases: 200,
  errorCodes: 200,
}

/** One value per series key, in bounded number: a name beyond its limit becomes `other`, and so does a whole key beyond the last series. */
export class SeriesTable<T> {
  readonly #limits: SeriesLimits
  readonly #create: (key: SeriesKey) => T
  readonly #byKey = new Map<string, T>()
  readonly #methods: BoundedNames
  readonly #tools: BoundedNames
  readonly #clientKinds: BoundedNames
  readonly #transports: BoundedNames
  readonly #phases: BoundedNames

  constructor(limits: SeriesLimits, create: (key: SeriesKey) => T) {
    this.#limits = limits
    this.#create = create
    this.#methods = new BoundedNames(limits.methods)
    this.#tools = new BoundedNames(limits.tools)
    this.#clientKinds = new BoundedNames(limits.clientKinds)
    this.#transports = new BoundedNames(limits.transports)
    this.#phases = new BoundedNames(limits.phases)
  }

  /** The value of this key, made where there is none, and whether a part of the key had to become `other`. */
  find(key: SeriesKey): { readonly value: T; readonly isFolded: boolean } {
    const known = this.#byKey.get(textOf(key))
    if (known !== undefined) return { value: known, isFolded: false }
    const bounded = this.#bounded(key)
    const text = textOf(bounded)
    const value = this.#byKey.get(text) ?? this.#create(bounded)
    this.#byKey.set(text, value)
    return { value, isFolded: text !== textOf(key) }
  }

  values(): IterableIterator<T> {
    return this.#byKey.values()
  }

  #bounded(key: SeriesKey): SeriesKey {
    const bounded = {
      method: this.#methods.admit(key.method),
      tool: this.#tools.admit(key.tool),
      clientKind: this.#clientKinds.admit(key.clientKind),
      transport: this.#transports.admit(key.transport),
      phase: this.#phases.admit(key.phase),
    }
    if (this.#byKey.has(textOf(bounded)) || this.#byKey.size < this.#limits.series) return bounded
    // The method stays, since the totals are told apart by it; there are few of them.
    const tool = key.tool === '' ? '' : otherName
    return { method: bounded.method, tool, clientKind: otherName, transport: otherName, phase: otherName }
  }
}

const textOf = (key: SeriesKey): string => [key.method, key.tool, key.clientKind, key.transport, key.phase].join('\u0000')
