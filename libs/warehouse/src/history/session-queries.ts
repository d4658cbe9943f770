/** How many query ids of a session are remembered. */
export const rememberedIds = 1_000

/** The ids of what a session ran, as LAST_QUERY_ID counts them. */
export class SessionQueries {
  readonly #ids: string[] = []
  #forgotten = 0

  add(queryId: string): void {
    this.#ids.push(queryId)
    if (this.#ids.length <= rememberedIds) return
    this.#ids.shift()
    this.#forgotten += 1
  }

  /**
   * -1 is the newest, -2 the one before; 1 is the first of the session. Null where there is none, or where it is no longer known.
   */
  at(position: number): string | null {
    const index = position < 0 ? this.#ids.length + position : position - 1 - this.#forgotten
    return this.#ids[index] ?? null
  }
}
