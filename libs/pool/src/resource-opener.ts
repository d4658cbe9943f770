import type { Clock, RandomSource } from '@squall/time'
import { CreationPace, type GrowthLimits } from './creation-pace.ts'
import { NotWanted } from './not-wanted.ts'
import type { PoolResources } from './pool-resources.ts'

/** Opens resources, at the pace that failures allow, until it is told to stop. */
export class ResourceOpener<T> {
  readonly #resources: PoolResources<T>
  readonly #pace: CreationPace
  readonly #stopped = new AbortController()

  constructor(resources: PoolResources<T>, clock: Clock, limits: GrowthLimits, random: RandomSource) {
    this.#resources = resources
    this.#pace = new CreationPace(clock, limits, random)
  }

  /** What the last attempt failed with, while attempts fail. */
  get lastFailure(): unknown {
    return this.#pace.lastFailure
  }

  get isStopped(): boolean {
    return this.#stopped.signal.aborted
  }

  /** Ends every attempt under way, and all later ones, with `reason`. */
  stop(reason: Error): void {
    this.#stopped.abort(reason)
  }

  /** @throws what `create` threw, or the reason given to `stop`; NotWanted where there was no attempt. */
  async open(): Promise<T> {
    const { signal } = this.#stopped
    await this.#pace.turn(signal)
    try {
      const resource = await this.#openUnlessStopped(signal)
      this.#pace.succeeded()
      return resource
    } catch (error) {
      if (error instanceof NotWanted) this.#pace.withdrawn()
      else this.#pace.failed(error)
      throw error
    }
  }

  /** Does not wait for a `create` that is slow to heed its signal; what still comes of it is closed. */
  async #openUnlessStopped(signal: AbortSignal): Promise<T> {
    const opening = this.#resources.create(signal)
    const stopped = Promise.withResolvers<never>()
    const onStop = (): void => {
      stopped.reject(signal.reason as Error)
      // Nobody is left who could be told that this failed.
      opening.then((late) => this.#resources.destroy(late)).catch(() => undefined)
    }
    signal.addEventListener('abort', onStop, { once: true })
    try {
      return await Promise.race([opening, stopped.promise])
    } finally {
      signal.removeEventListener('abort', onStop)
    }
  }
}
