/** What the pool needs to know of the things it holds. Each call must end by itself in bounded time. */
export interface PoolResources<T> {
  /**
   * Opens a resource. What it throws reaches the caller of `acquire` as it is.
   * @param signal aborts when the pool no longer wants the resource.
   */
  create(signal: AbortSignal): Promise<T>
  /** Closes a resource for good. A failure is counted and otherwise of no consequence. */
  destroy(resource: T): Promise<void>
  /** Says whether a resource that lay idle can still be used. A throw means no. */
  validate(resource: T): Promise<boolean>
  /** Makes a used resource as new, or says no; then it is closed. A throw means no. */
  clean(resource: T): Promise<boolean>
}
