import { readFileSync } from 'node:fs'
import type { Summary } from '@squall/report'

/** @returns undefined where the file is no summary of this version. */
export function readSummary(path: string): Summary | undefined {
  try {
    const parsed = JSON.parse(readFileSync(path, 'utf8')) as Partial<Summary> | null
    // Written by `squall run` with this schema, or not at all; older ones cannot be told apart by their load.
    return parsed?.schema === 'squall/summary@1' && parsed.run?.planHash !== undefined ? (parsed as Summary) : undefined
  } catch {
    // Not JSON, or not readable.
    return undefined
  }
}
