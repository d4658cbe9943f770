/** One stretch of steady load, judged by itself. */
export interface MeasuredWindow {
  /** How near the SLO came to being broken: 1 is its edge, 0.5 half of what is allowed, 2 twice. The worst of its terms. */
  readonly strain: number
}

/** What was measured under one load. */
export interface MeasuredLevel {
  /** Clients, or arrivals per second. */
  readonly load: number
  /** Of all its windows together; below or at 1 the SLO is kept. */
  readonly strain: number
  readonly windows: readonly MeasuredWindow[]
}

export const keepsSlo = ({ strain }: Pick<MeasuredLevel, 'strain'>): boolean => strain <= 1
