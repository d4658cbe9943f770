/** Runs tasks one after the other, in the order they came. A task that fails does not hold up the next. */
export class StatementQueue {
  #tail: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task, task)
    this.#tail = result
    return result
  }

  /** Resolves when everything given so far has ended. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#tail])
  }
}
