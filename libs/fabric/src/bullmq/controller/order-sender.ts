import type { FleetOrder } from '@squall/load-protocol'
import { sleep, type Clock } from '@squall/time'
import type { Redis } from 'ioredis'
import { isRefusal } from '../redis-trouble.ts'
import type { Seal } from '../seal.ts'

/** Orders are few: a key that is held down must not fill Redis. */
const mostOrders = 100_000
/** Until what Redis refused is offered again. */
const retryMs = 500

export interface OrderSenderOptions {
  readonly redis: Redis
  readonly seal: Seal
  readonly key: string
  readonly clock: Clock
  /** Told of each order that Redis did not take, being full say. @returns whether it is to be offered again. */
  readonly onRefused: (order: FleetOrder, error: Error) => boolean
}

/** Writes a run's orders, in order. Redis away, or full, only delays them. */
export class OrderSender {
  readonly #options: OrderSenderOptions
  #sent: Promise<void> = Promise.resolve()

  constructor(options: OrderSenderOptions) {
    this.#options = options
  }

  send(order: FleetOrder): void {
    // What keeps an order from being written for good ends the run by other signs: the connection has been closed.
    this.#sent = this.#sent.then(() => this.#write(order)).catch(() => undefined)
  }

  /** Resolves when Redis has them all. */
  async flushed(): Promise<void> {
    await this.#sent
  }

  async #write(order: FleetOrder): Promise<void> {
    const { redis, seal, key, clock, onRefused } = this.#options
    const bytes = seal.close(order, key)
    while (redis.status !== 'end') {
      try {
        await redis.xadd(key, 'MAXLEN', '~', mostOrders, '*', 'order', bytes)
        return
      } catch (error) {
        if (!isRefusal(error)) throw error
        if (!onRefused(order, error)) return
        await sleep(clock, retryMs)
      }
    }
  }
}
