import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os'
import { cores, isBound } from './cores.ts'
import { median } from './rounds.ts'

/** A table with its first column to the left and all others to the right. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** The median of some values, and their range. */
export function renderSpread(values: readonly number[], digits: number): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    renderNumber(value, digits),
  )
  return `${middle} (${least} to ${most})`
}

export function renderNumber(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export interface Conditions {
  readonly connections: number
  readonly rounds: number
  readonly measuredSeconds: number
  /** `loadAverage()` before the first round. */
  readonly loadBefore: number
}

/** Under which conditions a table came about, to stand below it. */
export function renderConditions({ connections, rounds, measuredSeconds, loadBefore }: Conditions): string {
  const pinning = isBound() ? `target on core ${cores.target}, load on core ${cores.load}` : 'processes not bound to cores'
  return [
    `- ${connections} connections, ${rounds} rounds of ${measuredSeconds} s each in turn, medians (least to most)`,
    `- ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${platform()} ${arch()}, Node ${process.versions.node}; ${pinning}`,
    `- load average ${loadBefore.toFixed(1)} before, ${loadAverage().toFixed(1)} after`,
  ].join('\n')
}

/** How many processes ran or wanted to, averaged over the last minute: more than there are cores makes figures rough. */
export function loadAverage(): number {
  const [lastMinute = 0] = loadavg()
  return lastMinute
}
