import { totalmem } from 'node:os'
import type { HealthCheck } from './health.ts'

/** Beyond this share of what it may use, a process is near its end, or everything around it slows down. */
const tooFull = 0.9

/** Looks at how much of the memory it may use this process uses, both in bytes. */
export function memoryCheck(
  usedBytes: () => number = () => process.memoryUsage.rss(),
  limitBytes: () => number = memoryLimitBytes,
): HealthCheck {
  return () => {
    const share = usedBytes() / limitBytes()
    if (share <= tooFull) return undefined
    const message = `The process uses ${Math.round(share * 100)} % of the memory it may use.`
    return { code: 'memory', status: 'degraded', message }
  }
}

/** The memory this process may use: the limit of its container, else all of the machine's. */
export function memoryLimitBytes(): number {
  const limit = process.constrainedMemory()
  // Without a limit Node says a number beyond any machine's memory, or none.
  return limit > 0 && limit < totalmem() ? limit : totalmem()
}
