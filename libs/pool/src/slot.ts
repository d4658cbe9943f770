import type { Clock } from '@squall/time'

/**
 * What generic-pool holds for us. When opening a resource fails it tries again at once, for ever, and tells nobody who waits; so
 * opening never fails for it: the failure goes to a waiter on its own way, and generic-pool gets an empty slot to be thrown away.
 */
export type Slot<T> = FilledSlot<T> | EmptySlot

export interface FilledSlot<T> {
  readonly kind: 'filled'
  readonly resource: T
  /** Its age is over then, on the monotonic clock. */
  readonly expiresAtMs: number
  idleSinceMs: number
}

interface EmptySlot {
  readonly kind: 'empty'
}

export function isExpired<T>({ expiresAtMs }: FilledSlot<T>, clock: Clock): boolean {
  return clock.monotonicMs() > expiresAtMs
}
