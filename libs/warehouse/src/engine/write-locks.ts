/** Gives a lock back. Harmless when repeated. */
export type Release = () => void

/** Lets one session at a time write to a database, since DuckDB answers concurrent writers with conflicts. First come, first served. */
export class WriteLocks {
  /** For each database that is locked, those who wait for it, in their order. */
  readonly #waiting = new Map<string, Set<() => void>>()

  /**
   * Waits until nobody else writes to the database.
   * @throws the signal's reason when it aborts first.
   */
  async acquire(database: string, signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted()
    const queue = this.#waiting.get(database)
    if (queue) await waitIn(queue, signal)
    else this.#waiting.set(database, new Set())
    let isHeld = true
    return () => {
      if (isHeld) this.#passOn(database)
      isHeld = false
    }
  }

  /** Runs the task while holding the lock. */
  async hold<T>(database: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    const release = await this.acquire(database, signal)
    try {
      return await task()
    } finally {
      release()
    }
  }

  #passOn(database: string): void {
    const queue = this.#waiting.get(database)
    for (const next of queue ?? []) {
      queue?.delete(next)
      next()
      return
    }
    this.#waiting.delete(database)
  }
}

async function waitIn(queue: Set<() => void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const giveUp = (): void => {
    // One whose turn has come already holds the lock, and gives it back as usual.
    if (queue.delete(resolve)) reject(signal.reason as Error)
  }
  queue.add(resolve)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
