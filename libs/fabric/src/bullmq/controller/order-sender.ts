import type { FleetOrder } from '@squall/load-protocol'
import type { Redis } from 'ioredis'
import type { Seal } from '../seal.ts'

/** Orders are few: a key that is held down must not fill Redis. */
const mostOrders = 100_000

/** Writes a run's orders, in order. Redis away only delays them. */
export class OrderSender {
  readonly #redis: Redis
  readonly #seal: Seal
  readonly #key: string
  #sent: Promise<unknown> = Promise.resolve()

  constructor(redis: Redis, seal: Seal, key: string) {
    this.#redis = redis
    this.#seal = seal
    this.#key = key
  }

  send(order: FleetOrder): void {
    const bytes = this.#seal.close(order, this.#key)
    const written = this.#redis.xadd(this.#key, 'MAXLEN', '~', mostOrders, '*', 'order', bytes)
    // What keeps an order from being written for good ends the run by other signs: the connection has been closed.
    this.#sent = Promise.all([this.#sent, written.catch(() => undefined)])
  }

  /** Resolves when Redis has them all. */
  async flushed(): Promise<void> {
    await this.#sent
  }
}
