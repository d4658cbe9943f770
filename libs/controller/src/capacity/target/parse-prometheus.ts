/** Values of one reading, by metric name: labels are summed away. */
export type MetricReading = ReadonlyMap<string, number>

const linePattern = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?[ \t]*$/

/**
 * Reads the Prometheus text format, as far as a capacity planner needs it: the sum of each metric over all its labels. Of histograms and
 * summaries `_sum` and `_count` are what adds up; buckets and quantiles are left out, and so is what cannot be read.
 * Source: the Prometheus documentation, Exposition formats, text format 0.0.4.
 */
export function parsePrometheus(text: string): MetricReading {
  const reading = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue
    const [, name, labels = '', valueText = ''] = linePattern.exec(line) ?? []
    const value = Number(valueText)
    if (name === undefined || !Number.isFinite(value) || name.endsWith('_bucket') || labels.includes('quantile=')) continue
    reading.set(name, (reading.get(name) ?? 0) + value)
  }
  return reading
}
