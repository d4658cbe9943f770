/** What can be waited for: it calls one of the two, once. A promise is such a thing. */
export interface Pending<T = void> {
  then(goOn: (value: T) => void, fail: (error: unknown) => void): unknown
}

/**
 * A promise to one listener, who goes on at once and not in a turn of its own: those turns are a part of what a call costs.
 * Whoever settles it has nothing left to do, for the listener may go a long way.
 */
export class Later<T = void> implements Pending<T> {
  #goOn: ((value: T) => void) | undefined
  #fail: ((error: unknown) => void) | undefined
  #settled: Promise<T> | undefined

  /** Neither listener may throw. One that comes late gets a turn of its own after all, so that loops do not nest. */
  // oxlint-disable-next-line unicorn/no-thenable -- so that `await` takes it, too
  then(goOn: (value: T) => void, fail: (error: unknown) => void): void {
    if (this.#goOn) throw new TypeError('a second listener, whom nobody would call')
    if (this.#settled) void this.#settled.then(goOn, fail)
    this.#goOn = goOn
    this.#fail = fail
  }

  /** To be settled once: by this or by `fail`. */
  end(value: T): void {
    if (this.#goOn) this.#goOn(value)
    else this.#settled = Promise.resolve(value)
  }

  /** Ends with what the work comes to, or fails with what it throws. */
  endWith(work: () => T): void {
    let value: T
    try {
      value = work()
    } catch (error) {
      return this.fail(error)
    }
    this.end(value)
  }

  fail(reason: unknown): void {
    if (this.#fail) this.#fail(reason)
    else this.#settled = Promise.reject(reason)
  }
}
