/** Each answer on its way takes a socket. */
const atOnce = 8
/** What a server asks beyond these gets no answer: it would ask without end. */
const mostWaiting = 1000

/** Sends what a server is to be told of its own questions: a few at once, the others in turn, however fast it asks. */
export class AnswerQueue {
  readonly #send: (text: string) => Promise<unknown>
  #waiting: string[] = []
  #underWay = 0

  /** @param send must never reject. */
  constructor(send: (text: string) => Promise<unknown>) {
    this.#send = send
  }

  add(text: string): void {
    if (this.#underWay < atOnce) void this.#deliver(text)
    else if (this.#waiting.length < mostWaiting) this.#waiting.push(text)
  }

  /** Those that wait are not sent any more. */
  close(): void {
    this.#waiting = []
  }

  async #deliver(text: string): Promise<void> {
    this.#underWay++
    for (let next: string | undefined = text; next !== undefined; next = this.#waiting.shift()) await this.#send(next)
    this.#underWay--
  }
}
