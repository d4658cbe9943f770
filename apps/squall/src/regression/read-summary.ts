import { readFileSync } from 'node:fs'
import type { Summary } from '@squall/report'
import { z } from 'zod'

const [text, number] = [z.string(), z.number()]
const counts = z.looseObject({ calls: number, failed: number })
const group = counts.extend({
  response: z.looseObject({ count: number, p50: number, p95: number }),
})

/** What runs are compared and drawn by; the rest of a summary is written together with it. */
const schema = z.looseObject({
  schema: z.literal('squall/summary@1'),
  run: z.looseObject({
    id: text,
    pack: text,
    planHash: text,
    runner: text,
    workers: number,
    startedAt: z.iso.datetime(),
    durationSeconds: number,
    squallVersion: text,
    nodeVersion: text,
    machine: z.looseObject({ cpuModel: text, cpuCount: number }),
  }),
  verdict: text,
  totals: counts,
  methods: z.record(text, group),
  tools: z.record(text, group),
  generator: z.looseObject({ saturated: z.boolean() }),
})

/** @returns undefined where the file is no summary of this version. */
export function readSummary(path: string): Summary | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    // What has all of this was written by `squall run`, which writes the rest as well.
    return schema.safeParse(parsed).success ? (parsed as Summary) : undefined
  } catch {
    // Not JSON, or not readable.
    return undefined
  }
}
