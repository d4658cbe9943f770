import type { FleetEvent } from '@squall/load-protocol'
import { sleep, type Clock } from '@squall/time'
import type { Redis } from 'ioredis'
import { keptMs, type RunKeys } from '../keys.ts'
import { toLetter, type Letter } from '../letter.ts'
import { isRefusal } from '../redis-trouble.ts'
import type { Seal } from '../seal.ts'
import { keptEventsOf } from '../timings.ts'

export interface OutboxOptions {
  readonly redis: Redis
  readonly keys: RunKeys
  readonly seal: Seal
  readonly agent: string
  /** How many the whole run has; of no matter to who sends no numbers. */
  readonly shards?: number
  readonly clock: Clock
  /** What may wait while Redis is away; the oldest numbers go first. */
  readonly mostBytes?: number
}

interface Waiting {
  readonly number: number
  readonly letter: Letter
  readonly isNumbers: boolean
  /** A shard that is over with this. */
  readonly done: number | undefined
}

const bytesOf = ({ letter: [, bytes] }: Waiting): number => bytes.length

const defaultMostBytes = 64 * 1024 * 1024
const lettersAtOnce = 100
/** Until what Redis refused is offered again. */
const retryMs = 500

/** Sends an agent's events in order, each until Redis has it; a letter whose receipt got lost is sent twice, under one number. */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #mostBytes: number
  readonly #mostEvents: number
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #number = 0
  #sending: Promise<void> | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#mostBytes = options.mostBytes ?? defaultMostBytes
    this.#mostEvents = keptEventsOf(options.shards ?? 0)
  }

  /** @param done the shard that is over with this, so that nobody takes it again. */
  send(event: FleetEvent, done?: number): void {
    const { keys, seal } = this.#options
    const isNumbers = event.type === 'snapshot' || event.type === 'samples'
    const waiting = { number: this.#number++, letter: toLetter(event, seal, keys.events), isNumbers, done }
    this.#waiting.push(waiting)
    this.#waitingBytes += bytesOf(waiting)
    if (this.#waitingBytes > this.#mostBytes) this.#dropOldest()
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined))
  }

  /** Resolves when nothing waits. */
  async flushed(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending
  }

  async #sendAll(): Promise<void> {
    const { redis, clock } = this.#options
    while (this.#waiting.length > 0 && redis.status !== 'end') {
      const letters = this.#waiting.splice(0, lettersAtOnce)
      for (const letter of letters) this.#waitingBytes -= bytesOf(letter)
      if (await this.#post(letters)) continue
      this.#putBack(letters)
      await sleep(clock, retryMs)
    }
  }

  /** @returns false where Redis takes nothing now, being full say. */
  async #post(letters: readonly Waiting[]): Promise<boolean> {
    const { redis, keys, agent } = this.#options
    const transaction = redis.multi()
    for (const { number, letter, isNumbers, done } of letters) {
      const kept = isNumbers ? (['MAXLEN', '~', this.#mostEvents] as const) : []
      // The controller made the stream; where it is gone, so is the run.
      transaction.xadd(keys.events, 'NOMKSTREAM', ...kept, '*', 'agent', agent, 'number', number, ...letter)
      if (done !== undefined) transaction.sadd(keys.done, done).pexpire(keys.done, keptMs)
    }
    try {
      await transaction.exec()
      return true
    } catch (error) {
      if (isRefusal(error)) return false
      // The connection was given up for good.
      if (redis.status === 'end') return true
      throw error
    }
  }

  #putBack(letters: readonly Waiting[]): void {
    this.#waiting.unshift(...letters)
    for (const letter of letters) this.#waitingBytes += bytesOf(letter)
    while (this.#waitingBytes > this.#mostBytes && this.#dropOldest());
  }

  /** @returns whether there was something to drop: words of a shard are never. */
  #dropOldest(): boolean {
    const index = this.#waiting.findIndex(({ isNumbers }) => isNumbers)
    const [dropped] = index < 0 ? [] : this.#waiting.splice(index, 1)
    if (dropped !== undefined) this.#waitingBytes -= bytesOf(dropped)
    return dropped !== undefined
  }
}
