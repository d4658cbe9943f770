/** What one instance carries with another pool. */
export interface PoolForecast {
  readonly poolSize: number
  readonly clients: number
  /** What would give way first then. */
  readonly boundBy: 'pool' | 'server-cpu'
}

/** Above this a server's one thread answers late, whatever else is free. */
const mostCpuUse = 0.9

/**
 * How many clients a server carries whose pool is the bound, with larger pools: in proportion to the pool, since each connection serves as many
 * calls as before, until its processor is used up.
 * Source: the bottleneck law of operational analysis; P. J. Denning and J. P. Buzen, Computing Surveys 10 (1978).
 * @param cpuUse share of its one thread in use at that load, where it is known.
 * @param factors by which the pool grows.
 */
export function forecastPools(
  { clients, poolSize, cpuUse }: { readonly clients: number; readonly poolSize: number; readonly cpuUse?: number },
  factors: readonly number[],
): PoolForecast[] {
  const mostFactor = cpuUse === undefined || cpuUse <= 0 ? Number.POSITIVE_INFINITY : Math.max(1, mostCpuUse / cpuUse)
  return factors.map((factor) => ({
    poolSize: Math.round(poolSize * factor),
    clients: Math.floor(clients * Math.min(factor, mostFactor) + 1e-9),
    boundBy: factor <= mostFactor ? 'pool' : 'server-cpu',
  }))
}
