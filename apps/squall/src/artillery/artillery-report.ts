import { readFileSync } from 'node:fs'
import { z } from 'zod'

// An empty summary holds nulls.
const times = z.record(z.string(), z.number().nullable())

const period = z.object({
  counters: z.record(z.string(), z.number()),
  summaries: z.record(z.string(), times).default({}),
  /** Milliseconds since 1970; absent where nothing was counted. */
  firstMetricAt: z.number().optional(),
  lastMetricAt: z.number().optional(),
})

const report = z.object({ aggregate: period, intermediate: z.array(period) })

/** Counters by name, and `{ min, max, count, mean, p50, … }` of times in milliseconds by name. */
export type ArtilleryNumbers = z.output<typeof period>

/** What Artillery's `--output` says: of the whole run, and of each ten seconds of it. */
export type ArtilleryReport = z.output<typeof report>

/** @throws Error where the file is absent or not what Artillery 2 writes. */
export const readArtilleryReport = (path: string): ArtilleryReport => report.parse(JSON.parse(readFileSync(path, 'utf8')))
