import { NameTable, type PackedCounts } from './packed-counts.ts'
import type { TimelinePoint } from './run-numbers.ts'

type CountsName = 'clientsByKind' | 'toolCalls' | 'errors'

type PackedPoint = Omit<TimelinePoint, CountsName> & Readonly<Record<CountsName, PackedCounts>>

/** Seconds whose histograms are gone, each as one small point. */
export class ClosedSeconds {
  readonly #names = new NameTable()
  readonly #points = new Map<number, PackedPoint>()

  /** Adds a second, or what came late for one: its counts add up, its percentiles stay what they were. */
  add(point: TimelinePoint): void {
    const known = this.#points.get(point.second)
    this.#points.set(point.second, this.#pack(known === undefined ? point : withLate(this.#unpack(known), point)))
  }

  points(): TimelinePoint[] {
    return Array.from(this.#points.values(), (packed) => this.#unpack(packed))
  }

  #pack(point: TimelinePoint): PackedPoint {
    const { clientsByKind, toolCalls, errors } = point
    return {
      ...point,
      clientsByKind: this.#names.pack(clientsByKind),
      toolCalls: this.#names.pack(toolCalls),
      errors: this.#names.pack(errors),
    }
  }

  #unpack(packed: PackedPoint): TimelinePoint {
    const { clientsByKind, toolCalls, errors } = packed
    return {
      ...packed,
      clientsByKind: this.#names.unpack(clientsByKind),
      toolCalls: this.#names.unpack(toolCalls),
      errors: this.#names.unpack(errors),
    }
  }
}

const withLate = (point: TimelinePoint, late: TimelinePoint): TimelinePoint => ({
  ...point,
  calls: point.calls + late.calls,
  failed: point.failed + late.failed,
  clients: point.clients + late.clients,
  droppedStarts: point.droppedStarts + late.droppedStarts,
  clientsByKind: sumOfCounts(point.clientsByKind, late.clientsByKind),
  toolCalls: sumOfCounts(point.toolCalls, late.toolCalls),
  errors: sumOfCounts(point.errors, late.errors),
  generatorCpu: Math.max(point.generatorCpu, late.generatorCpu),
  eventLoopUtilization: Math.max(point.eventLoopUtilization, late.eventLoopUtilization),
  eventLoopDelayP99Ms: Math.max(point.eventLoopDelayP99Ms, late.eventLoopDelayP99Ms),
  scheduleLagP99Ms: Math.max(point.scheduleLagP99Ms, late.scheduleLagP99Ms),
})

function sumOfCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum: Record<string, number> = { ...a }
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count
  return sum
}
