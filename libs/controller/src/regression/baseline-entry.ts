import { z } from 'zod'
import type { Summary } from '@squall/report'
import { metricsOf } from './run-metrics.ts'

const text = z.string()

const entrySchema = z.strictObject({
  schema: z.literal('squall/baseline@1'),
  runId: text,
  startedAt: text,
  squallVersion: text,
  /** What has to be alike for two runs to be compared. */
  conditions: z.strictObject({
    pack: text,
    planHash: text,
    runner: text,
    workers: z.number(),
    cpuModel: text,
    cpuCount: z.number(),
    nodeVersion: text,
  }),
  metrics: z.array(z.strictObject({ tool: text, metric: text, scale: z.enum(['ratio', 'share']), value: z.number() })).readonly(),
})

/** One saved run: a line of a baseline's file. */
export type BaselineEntry = Readonly<z.infer<typeof entrySchema>>

/** What a saved run is compared by, and under which conditions it ran. */
export function toBaselineEntry(summary: Summary): BaselineEntry {
  const { run } = summary
  const { pack, planHash, runner, workers, nodeVersion, machine } = run
  return {
    schema: 'squall/baseline@1',
    runId: run.id,
    startedAt: run.startedAt,
    squallVersion: run.squallVersion,
    conditions: { pack, planHash, runner, workers, cpuModel: machine.cpuModel, cpuCount: machine.cpuCount, nodeVersion },
    metrics: metricsOf(summary),
  }
}

/** @returns undefined where the line is no saved run. */
export function parseBaselineEntry(line: string): BaselineEntry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data
  } catch {
    // Not even JSON.
    return undefined
  }
}

const conditionNames = {
  pack: 'the pack',
  planHash: 'the load that the pack makes',
  runner: 'who made the load',
  workers: 'the number of generators',
  cpuModel: 'the processor',
  cpuCount: 'the number of cores',
  nodeVersion: "Node's version",
} as const satisfies Record<keyof BaselineEntry['conditions'], string>

/** In which conditions runs differ, in words; empty where they can be compared. */
export function describeMismatches(entries: readonly BaselineEntry[]): string[] {
  return (Object.keys(conditionNames) as (keyof typeof conditionNames)[]).flatMap((name) => {
    const values = [...new Set(entries.map(({ conditions }) => conditions[name]))]
    return values.length < 2 ? [] : [`${conditionNames[name]} differs: ${values.join(' and ')}`]
  })
}
