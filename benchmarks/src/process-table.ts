import { globSync, readFileSync } from 'node:fs'

/** What Linux counts CPU time in. Source: proc(5), `_SC_CLK_TCK`, which is 100 on every port of Linux that Node runs on. */
const ticksPerSecond = 100

/** User plus system time of all threads of a process since it began. @throws Error where there is no such process. */
export function cpuSecondsOf(pid: number): number {
  const { utime, stime } = readStat(`/proc/${pid}/stat`)
  return (utime + stime) / ticksPerSecond
}

/** User plus system time of all processes that this one started, and those they started, that have ended. */
export function cpuSecondsOfEndedChildren(): number {
  const { childrenTime } = readStat('/proc/self/stat')
  return childrenTime / ticksPerSecond
}

/** Resident memory of a process: pages of its own, and those of libraries it has touched. @throws Error where there is no such process. */
export function residentBytesOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

/** The running process below another, at any depth, whose command line holds a text. */
export function descendantOf(pid: number, text: string): number | undefined {
  for (const child of childrenOf(pid)) {
    const found = commandLineOf(child).includes(text) ? child : descendantOf(child, text)
    if (found !== undefined) return found
  }
  return undefined
}

/** Empty where the process has ended since it was seen. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** The processes that a process started and that still run. */
export function childrenOf(pid: number): readonly number[] {
  return globSync('/proc/[0-9]*/stat').flatMap((file) => {
    const stat = readStatOfAny(file)
    return stat?.parent === pid ? [stat.pid] : []
  })
}

interface Stat {
  readonly pid: number
  readonly parent: number
  readonly utime: number
  readonly stime: number
  /** `cutime` plus `cstime`. */
  readonly childrenTime: number
}

function readStat(file: string): Stat {
  const text = readFileSync(file, 'utf8')
  // The program's name stands in parentheses and may itself hold spaces and parentheses; fields are counted behind it.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [, parent = 0] = fields
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11)
  return { pid: Number.parseInt(text, 10), parent, utime, stime, childrenTime: cutime + cstime }
}

/** Any process may end while the table is read. */
function readStatOfAny(file: string): Stat | undefined {
  try {
    return readStat(file)
  } catch {
    return undefined
  }
}
