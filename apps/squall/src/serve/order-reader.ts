import { Worker } from 'node:worker_threads'
import { CodedError } from '@squall/errors'
import type { Clock } from '@squall/time'
import { squallErrors } from '../errors.ts'
import type { ReadOrder } from './read-order.ts'

/** What decides which runs may be asked for. */
export interface ReaderRules {
  readonly packsDirectory: string
  readonly allowTargets: readonly string[]
  /** Of the agents; absent where this machine makes the load itself. */
  readonly fabricUrl: string | undefined
}

/** What the thread makes of what was sent. */
export type ReadAnswer =
  | { readonly order: ReadOrder }
  | { readonly refusal: Pick<CodedError, 'code' | 'message' | 'hint' | 'exitCode' | 'problems'> }
  /** What is nobody's mistake but ours. */
  | { readonly defect: string }

export interface OrderReaderOptions {
  readonly rules: ReaderRules
  readonly clock: Clock
  /** How long one may take to be read. */
  readonly patienceMs?: number
  readonly mostMemoryMb?: number
}

/** A megabyte of steps takes three seconds and 400 MB, and a busy machine ten; what takes more was made to. */
const usual = { patienceMs: 30_000, mostMemoryMb: 512 }
const mostWaiting = 20

/**
 * Reads orders one after the other on a thread of its own, since a text of a megabyte can take minutes to be checked: meanwhile a server answers, steers and
 * hears its agents. What takes too long is given up.
 */
export class OrderReader {
  readonly #options: Required<OrderReaderOptions>
  #worker: Worker
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(options: OrderReaderOptions) {
    this.#options = { ...usual, ...options }
    // Begun before somebody asks, since it takes a second to be there.
    this.#worker = this.#start()
  }

  /** @throws CodedError SQUALL_SERVE_FULL, SQUALL_SERVE_BAD_REQUEST; those of `readOrder`. */
  async read(sent: unknown): Promise<ReadOrder> {
    if (this.#waiting >= mostWaiting)
      throw CodedError.refusal(squallErrors.SQUALL_SERVE_FULL, {
        message: `${mostWaiting} packs wait to be read already`,
        hint: 'Send it again in a while: they are read one after the other.',
      })
    this.#waiting++
    const answered = this.#last.then(() => this.#answerTo(sent))
    this.#last = answered.catch(() => undefined)
    try {
      return toOrder(await answered)
    } finally {
      this.#waiting--
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  async #answerTo(sent: unknown): Promise<ReadAnswer> {
    const { clock, patienceMs, mostMemoryMb } = this.#options
    const worker = this.#worker
    const { promise, resolve, reject } = Promise.withResolvers<ReadAnswer>()
    const timer = clock.at(clock.monotonicMs() + patienceMs, () => reject(tooMuch(`${patienceMs / 1000} s`)))
    worker.once('message', resolve).once('error', reject)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(sent)
    try {
      return await promise
    } catch (error) {
      this.#worker = this.#start()
      await worker.terminate()
      throw isOutOfMemory(error) ? tooMuch(`${mostMemoryMb} MB of memory`) : error
    } finally {
      timer.cancel()
      worker.off('message', resolve).off('error', reject)
    }
  }

  #start(): Worker {
    const { rules, mostMemoryMb } = this.#options
    const worker = new Worker(new URL('order-worker.ts', import.meta.url), {
      workerData: rules,
      resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
    })
    // Nothing waits for it once the server is over; what ends it is told to whoever waits for its answer.
    worker.on('error', () => undefined).unref()
    return worker
  }
}

function toOrder(answer: ReadAnswer): ReadOrder {
  if ('order' in answer) return answer.order
  if ('defect' in answer) throw new Error(answer.defect)
  const { code, message, hint, exitCode, problems } = answer.refusal
  throw CodedError.refusal({ code, summary: message, hint, exitCode }, { message, problems })
}

const tooMuch = (what: string): CodedError =>
  CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, {
    message: `what was sent takes more than ${what} to be read`,
    hint: 'Send less: a pack with fewer keys, steps or aliases.',
  })

const isOutOfMemory = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
