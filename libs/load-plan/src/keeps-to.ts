import type { Threshold } from './threshold.ts'

/**
 * Whether what was measured keeps to a threshold; what could not be measured does not.
 * @param measured in the unit of the threshold's limit.
 */
export function keepsTo({ comparison, limit }: Threshold, measured: number | null): boolean {
  return measured !== null && holds[comparison](measured, limit)
}

const holds: Readonly<Record<Threshold['comparison'], (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
}
