import { addCounts } from './call-tally.ts'
import { NameTable, type PackedCounts } from './packed-counts.ts'
import type { TimelinePoint } from './run-numbers.ts'
import { addStrain, strainOf } from './strain.ts'

type CountsName = 'clientsByKind' | 'toolCalls' | 'errors'

type PackedPoint = Omit<TimelinePoint, CountsName> & Readonly<Record<CountsName, PackedCounts>>

/** How many points a timeline has at most before it is made coarser: enough for a plot, and for a quarter of an hour second by second. */
export const mostPoints = 900

/**
 * Seconds whose histograms are gone, each as one small point. Where there would be too many, each point comes to cover twice as many seconds:
 * counts add up exactly, of percentiles and delays the worst is kept.
 */
export class ClosedSeconds {
  readonly #names = new NameTable()
  /** By the number of the bucket. */
  #points = new Map<number, PackedPoint>()
  #bucketSeconds = 1

  /** Adds a second that is new. */
  add(point: TimelinePoint): void {
    const bucket = Math.floor(point.second / this.#bucketSeconds)
    const known = this.#points.get(bucket)
    this.#points.set(bucket, this.#pack(known === undefined ? point : joined(this.#unpack(known), point)))
    if (this.#points.size > mostPoints) this.#coarsen()
  }

  /** Adds what came late for a second that was added before: its counts add up, its percentiles stay what they were. */
  addLate(point: TimelinePoint): void {
    const bucket = Math.floor(point.second / this.#bucketSeconds)
    const known = this.#points.get(bucket)
    if (known === undefined) this.add(point)
    else this.#points.set(bucket, this.#pack(withLate(this.#unpack(known), point)))
  }

  points(): TimelinePoint[] {
    return Array.from(this.#points.values(), (packed) => this.#unpack(packed))
  }

  #coarsen(): void {
    const points = this.points()
    this.#bucketSeconds *= 2
    this.#points = new Map()
    for (const point of points) this.add(point)
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
  ...summed(point, late),
  // Of one second, the clients of the shard that was late come on top; among several seconds it may have been another one.
  ...(point.seconds === 1
    ? { clients: point.clients + late.clients, clientsByKind: sumOfCounts(point.clientsByKind, late.clientsByKind) }
    : {}),
  ...worstHealth(point, late),
})

/** Two stretches as one; what tells of the clients is that of the fuller one. */
function joined(a: TimelinePoint, b: TimelinePoint): TimelinePoint {
  const fuller = b.clients > a.clients ? b : a
  return {
    second: Math.min(a.second, b.second),
    seconds: a.seconds + b.seconds,
    ...summed(a, b),
    clients: fuller.clients,
    clientsByKind: fuller.clientsByKind,
    p50: worst(a.p50, b.p50),
    p95: worst(a.p95, b.p95),
    p99: worst(a.p99, b.p99),
    serviceP50: worst(a.serviceP50, b.serviceP50),
    serviceP95: worst(a.serviceP95, b.serviceP95),
    serviceP99: worst(a.serviceP99, b.serviceP99),
    ...worstHealth(a, b),
    strain: addStrain(strainOf(a), strainOf(b)),
  }
}

const summed = (a: TimelinePoint, b: TimelinePoint) => ({
  calls: a.calls + b.calls,
  failed: a.failed + b.failed,
  answered: a.answered + b.answered,
  droppedStarts: a.droppedStarts + b.droppedStarts,
  toolCalls: sumOfCounts(a.toolCalls, b.toolCalls),
  errors: sumOfCounts(a.errors, b.errors),
})

const worstHealth = (a: TimelinePoint, b: TimelinePoint) => ({
  generatorCpu: Math.max(a.generatorCpu, b.generatorCpu),
  eventLoopUtilization: Math.max(a.eventLoopUtilization, b.eventLoopUtilization),
  eventLoopDelayP99Ms: Math.max(a.eventLoopDelayP99Ms, b.eventLoopDelayP99Ms),
  scheduleLagP99Ms: Math.max(a.scheduleLagP99Ms, b.scheduleLagP99Ms),
})

function worst(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}

function sumOfCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum = new Map(Object.entries(a))
  addCounts(sum, Object.entries(b))
  return Object.fromEntries(sum)
}
