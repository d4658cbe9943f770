import type { Pool } from 'generic-pool'
import type { Slot } from './slot.ts'

/** How many idle resources are looked at to find the preferred one. */
const farthestLook = 8

/** Takes the preferred resource where it is among the next idle ones, else the one whose turn it is. */
export async function takePreferred<T>(pool: Pool<Slot<T>>, preferred: T): Promise<Slot<T>> {
  const first = await pool.acquire()
  const passedOver: Slot<T>[] = []
  let slot = first
  while (!holds(slot, preferred) && pool.available > 0 && passedOver.length < farthestLook) {
    passedOver.push(slot)
    slot = await pool.acquire()
  }
  const chosen = holds(slot, preferred) ? slot : first
  for (const other of [...passedOver, slot].toReversed()) if (other !== chosen) void pool.release(other)
  return chosen
}

/** Takes all that is idle, what was used last first. */
export function takeAllIdle<T>(pool: Pool<Slot<T>>): Promise<Slot<T>[]> {
  return Promise.all(Array.from({ length: pool.available }, () => pool.acquire()))
}

function holds<T>(slot: Slot<T>, resource: T): boolean {
  return slot.kind === 'filled' && slot.resource === resource
}
