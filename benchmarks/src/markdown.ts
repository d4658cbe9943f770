import { availableParallelism, cpus, loadavg, release } from 'node:os'
import { canPin, cores } from './cores.ts'
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
  /** `renderMachine()` as it was before the first round. */
  readonly before: string
}

/** Under which conditions a table came about, to stand below it. */
export function renderConditions({ connections, rounds, measuredSeconds, before }: Conditions): string {
  return [
    `- ${connections} connections, ${rounds} rounds of ${measuredSeconds} s each in turn, medians (least to most)`,
    `- before: ${before}`,
    `- after: ${renderMachine()}`,
  ].join('\n')
}

/** The machine a benchmark ran on, and how busy it is now. */
export function renderMachine(): string {
  const pinning = canPin ? `target on core ${cores.target}, load on core ${cores.load}` : 'processes not bound to cores'
  const [lastMinute = 0, lastFiveMinutes = 0] = loadavg()
  return [
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Linux ${release()}`,
    `Node ${process.versions.node}`,
    pinning,
    `load average ${lastMinute.toFixed(1)} (one minute), ${lastFiveMinutes.toFixed(1)} (five minutes)`,
  ].join('; ')
}
