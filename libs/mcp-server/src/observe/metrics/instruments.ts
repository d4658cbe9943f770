import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** From what the server answers by itself to the longest a statement may take. */
export const latencyBucketsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** Makes metrics in one registry, in one line each. */
export interface Instruments {
  counter<L extends string>(name: string, help: string, labelNames?: readonly L[]): Counter<L>
  histogram<L extends string>(name: string, help: string, labelNames?: readonly L[], buckets?: readonly number[]): Histogram<L>
  gauge(name: string, help: string): Gauge
  /** Values that something else keeps are read when somebody asks for the metrics. */
  readonly readGauge: (name: string, help: string, read: () => number) => void
  readonly readCounter: (name: string, help: string, read: () => number) => void
  /** The same with one label, whose values must be from a closed set. */
  readCounters(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void
  readGauges(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void
}

export function createInstruments(registry: Registry): Instruments {
  const registers = [registry]
  return {
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers }),
    histogram: (name, help, labelNames = [], buckets = latencyBucketsSeconds) =>
      new Histogram({ name, help, labelNames, buckets: [...buckets], registers }),
    gauge: (name, help) => new Gauge({ name, help, registers }),
    readGauge(name, help, read) {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) })
    },
    readCounter(name, help, read) {
      const counter: Counter = new Counter({
        name,
        help,
        registers,
        collect() {
          counter.reset()
          counter.inc(read())
        },
      })
    },
    readCounters(name, help, label, read) {
      const counter: Counter = new Counter({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          counter.reset()
          for (const [value, number] of Object.entries(read())) counter.inc({ [label]: value }, number)
        },
      })
    },
    readGauges(name, help, label, read) {
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          gauge.reset()
          for (const [value, number] of Object.entries(read())) gauge.set({ [label]: value }, number)
        },
      })
    },
  }
}
