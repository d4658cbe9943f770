/** Lets one session at a time write to a database, since DuckDB answers concurrent writers with conflicts. */
export class WriteLocks {
  readonly #tails = new Map<string, Promise<void>>()

  /** Runs the task once all earlier tasks for this database have ended, well or badly. */
  async hold<T>(database: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(database) ?? Promise.resolve()
    const { promise: mine, resolve: release } = Promise.withResolvers<void>()
    this.#tails.set(database, mine)
    await before
    try {
      return await task()
    } finally {
      release()
      if (this.#tails.get(database) === mine) this.#tails.delete(database)
    }
  }
}
