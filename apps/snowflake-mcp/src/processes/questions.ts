import { sleep, type Clock } from '@squall/time'

/** Questions to other processes that are answered by a message, each by its number. */
export class Questions<Answer> {
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #pending = new Map<number, (answer: Answer) => void>()
  #asked = 0

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
  }

  /** Asks, and waits for the answer; undefined where none comes in time. */
  async ask(send: (request: number) => void): Promise<Answer | undefined> {
    const request = ++this.#asked
    const answered = new AbortController()
    try {
      const answer = new Promise<Answer>((resolve) => this.#pending.set(request, resolve))
      send(request)
      const tooLate = sleep(this.#clock, this.#timeoutMs, answered.signal).then(
        () => undefined,
        () => undefined,
      )
      return await Promise.race([answer, tooLate])
    } finally {
      this.#pending.delete(request)
      answered.abort()
    }
  }

  answer(request: number, answer: Answer): void {
    this.#pending.get(request)?.(answer)
  }
}
