/** The right to use one resource alone, until it is given back. The first way of giving it back counts; later ones do nothing. */
export interface Lease<T> {
  readonly resource: T
  /** Gives the resource back. It is cleaned first; what cannot be proven clean is closed. */
  release(): Promise<void>
  /** Closes the resource; it is never handed out again. */
  discard(): Promise<void>
  /** The same as `release`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
