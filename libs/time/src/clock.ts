/** The only way code of this workspace learns the time or waits; tests own a fake one. */
export interface Clock {
  /** Milliseconds since some fixed instant, with fractions; never goes back. The same for all processes of a machine. */
  monotonicMs(): number
  /** Milliseconds since 1970 as the machine believes; may jump. For timestamps people read, never for durations. */
  wallMs(): number
  /** Calls back once at or after `dueMs` on the monotonic scale, never before it. */
  at(dueMs: number, callback: () => void): Timer
}

export interface Timer {
  /** Forgets the callback. Harmless once it ran. */
  cancel(): void
}

/**
 * Resolves after `delayMs`.
 * @throws the signal's reason as soon as the signal aborts.
 */
export async function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      timer.cancel()
      // The reason is whatever the aborter chose, an Error by convention.
      reject(signal?.reason as Error)
    }
    const timer = clock.at(clock.monotonicMs() + delayMs, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
