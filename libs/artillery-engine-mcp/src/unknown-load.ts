import type { Script } from './artillery.ts'

/** What describes load under `config.squall`; stock Artillery reads none of it. */
const loadKeys = ['clients', 'rate', 'shape', 'duration', 'iterations'] as const

/**
 * Whether a script says under `config.squall` what load there is to be, and nothing of arrivals: a fixed population, or a shape. Stock
 * Artillery cannot make the one and does not read the other.
 */
export function isLoadUnknown({ squall, phases = [] }: Script['config']): boolean {
  if (typeof squall !== 'object' || squall === null) return false
  const isClosed = 'model' in squall && squall.model === 'closed'
  return (isClosed || loadKeys.some((key) => key in squall)) && phases.every(isArtillerysOwn)
}

/** Artillery gives a script without phases one of a single arrival, before any engine sees it, and adds keys of its own to it. */
function isArtillerysOwn(phase: unknown): boolean {
  const { duration, arrivalCount, name } = phase as { duration?: unknown; arrivalCount?: unknown; name?: unknown }
  return duration === 1 && arrivalCount === 1 && name === undefined
}
