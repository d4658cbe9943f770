import type { Script } from './artillery.ts'

/** Whether a script describes a fixed population of clients and no arrivals, which stock Artillery cannot make. */
export function isClosedWithoutPhases({ squall, phases = [] }: Script['config']): boolean {
  const isClosed = typeof squall === 'object' && squall !== null && 'model' in squall && squall.model === 'closed'
  return isClosed && phases.every(isArtillerysOwn)
}

/** Artillery gives a script without phases one of a single arrival, before any engine sees it, and adds keys of its own to it. */
function isArtillerysOwn(phase: unknown): boolean {
  const { duration, arrivalCount, name } = phase as { duration?: unknown; arrivalCount?: unknown; name?: unknown }
  return duration === 1 && arrivalCount === 1 && name === undefined
}
