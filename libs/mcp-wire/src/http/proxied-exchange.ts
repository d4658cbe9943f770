import type { HttpExchange, HttpRequest, HttpSink, RunningExchange } from './http-exchange.ts'
import type { UndiciExchangeOptions } from './undici-exchange.ts'

/** The way through a proxy, by undici, which is loaded when the first client has one: a generator starts sooner without it. */
export class ProxiedExchange implements HttpExchange {
  readonly #loaded: Promise<HttpExchange>

  /** @param origin scheme, host and port. */
  constructor(origin: string, options: UndiciExchangeOptions) {
    this.#loaded = import('./undici-exchange.ts').then(({ UndiciExchange }) => new UndiciExchange(origin, options))
  }

  send(request: HttpRequest, sink: HttpSink): RunningExchange {
    const waiting = new WaitingExchange()
    const begun = this.#loaded.then((exchange) => waiting.begin(() => exchange.send(request, sink)))
    // What undici refuses before it begins, such as a header that is the proxy's.
    begun.catch((error: unknown) => sink.onFailure(error as Error))
    return waiting
  }

  async close(): Promise<void> {
    await (await this.#loaded).close()
  }
}

/** An exchange that may be given up before it begins. */
class WaitingExchange implements RunningExchange {
  #running: RunningExchange | undefined
  #isGivenUp = false

  begin(send: () => RunningExchange): void {
    if (!this.#isGivenUp) this.#running = send()
  }

  abort(): void {
    this.#isGivenUp = true
    this.#running?.abort()
  }
}
