import type { CallSeries, Recorder } from '@squall/metrics'

export interface CallRecorderOptions {
  readonly recorder: Recorder
  readonly clientKind: string
  readonly transport: string
  readonly phaseAt?: (monotonicMs: number) => string
}

// A tool's name may come from a template; without a limit, bad data would make a series for every call.
const namesPerPlace = 200
export const furtherTools = '(further tools)'

/** A place that makes calls of one method: a compiled step, or a move of the opening. */
export interface CallPlace {
  readonly method: string
}

/** Finds the series of a call: looked up once for each place in the flow, and again only when phase or tool change. */
export class CallRecorder {
  readonly #options: CallRecorderOptions
  readonly #byPlace = new WeakMap<CallPlace, PlaceSeries>()
  readonly #openings = new Map<string, CallPlace>()

  constructor(options: CallRecorderOptions) {
    this.#options = options
  }

  /** @param dueMs when the call was due: it decides the phase. */
  seriesFor(place: CallPlace, name: string | undefined, dueMs: number): CallSeries {
    const phase = this.#options.phaseAt?.(dueMs) ?? ''
    const tool = place.method === 'tools/call' ? (name ?? '') : ''
    const known = this.#byPlace.get(place) ?? this.#newPlace(place)
    if (known.phase !== phase) {
      known.phase = phase
      known.byTool.clear()
    }
    return known.byTool.get(tool) ?? this.#resolve(known, place.method, tool)
  }

  /** For calls that no step of a flow makes. */
  seriesOfOpening(method: string, dueMs: number): CallSeries {
    const place = this.#openings.get(method) ?? { method }
    this.#openings.set(method, place)
    return this.seriesFor(place, undefined, dueMs)
  }

  #newPlace(place: CallPlace): PlaceSeries {
    const series = { phase: '', byTool: new Map<string, CallSeries>() }
    this.#byPlace.set(place, series)
    return series
  }

  #resolve({ phase, byTool }: PlaceSeries, method: string, wantedTool: string): CallSeries {
    const { recorder, clientKind, transport } = this.#options
    const isFull = byTool.size >= namesPerPlace
    const tool = isFull ? furtherTools : wantedTool
    const series = recorder.series({ method, tool, clientKind, transport, phase })
    if (!isFull) byTool.set(tool, series)
    return series
  }
}

interface PlaceSeries {
  phase: string
  readonly byTool: Map<string, CallSeries>
}
