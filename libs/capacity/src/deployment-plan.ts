export interface PlanWish {
  /** Clients to be served at once. */
  readonly clients: number
  /** Room above them, as a share: 0.3 plans for 1.3 times as many. */
  readonly headroom: number
}

/** What one instance was measured to carry. */
export interface InstanceCapacity {
  readonly clients: number
  readonly callsPerSecond: number
  /** Connections to what lies behind it, where it has any. */
  readonly poolSize?: number
  /** Mean time a call holds such a connection, in seconds. */
  readonly poolHeldSeconds?: number
  /** What each client adds to the memory of an instance, in bytes. */
  readonly memoryPerClientBytes?: number
}

export interface Deployment extends PlanWish {
  readonly instances: number
  /** Per instance, so that connections are no more used than before; null where the server has none that are known of. */
  readonly poolSize: number | null
  readonly callsPerSecond: number
  /** For the clients' own state, per instance; null where it is not known. */
  readonly memoryBytes: number | null
}

/**
 * Instances that carry so many clients with room to spare, each loaded no higher than one was measured to bear. That instances side by side
 * carry as much each as one alone is an assumption: what they share (a warehouse, a rate limit, a network) was not measured.
 */
export function planDeployment(one: InstanceCapacity, { clients, headroom }: PlanWish): Deployment {
  const wanted = clients * (1 + headroom)
  // Sums of fractions may be a hair too high.
  const instances = Math.max(1, Math.ceil(wanted / one.clients - 1e-9))
  const perInstance = wanted / instances
  const share = perInstance / one.clients
  return {
    clients,
    headroom,
    instances,
    poolSize: poolSizeFor(one, share),
    callsPerSecond: (clients / one.clients) * one.callsPerSecond,
    memoryBytes: one.memoryPerClientBytes === undefined ? null : Math.round(one.memoryPerClientBytes * perInstance),
  }
}

/** Connections in use follow Little's law: calls per second times the time each holds one. A third more keeps waits short. */
function poolSizeFor({ callsPerSecond, poolHeldSeconds, poolSize }: InstanceCapacity, share: number): number | null {
  if (poolHeldSeconds === undefined) return poolSize ?? null
  return Math.max(1, Math.ceil((callsPerSecond * share * poolHeldSeconds * 4) / 3 - 1e-9))
}

/** Other numbers of clients and room, for a table. */
export function whatIf(one: InstanceCapacity, clients: readonly number[], headrooms: readonly number[]): Deployment[] {
  return clients.flatMap((count) => headrooms.map((headroom) => planDeployment(one, { clients: count, headroom })))
}

/**
 * Credits that a thousand calls cost, where the warehouse runs as long as it has a statement to run, up to so many side by side.
 * @param creditsPerHour of the warehouse's size: 1 for X-Small, twice as many for each size above.
 * @param runSecondsPerCall mean time in the warehouse.
 * @param callsPerSecond while load was held.
 */
export function creditsPerThousandCalls(creditsPerHour: number, runSecondsPerCall: number, callsPerSecond: number): number {
  // Busy for the whole of each second where statements overlap, for part of it where they leave gaps.
  const busyShare = Math.min(1, callsPerSecond * runSecondsPerCall)
  return callsPerSecond === 0 ? 0 : (creditsPerHour / 3600) * (busyShare / callsPerSecond) * 1000
}
