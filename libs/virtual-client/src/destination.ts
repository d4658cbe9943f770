import type { ClientCredentials } from '@squall/mcp-wire'

/** What belongs to one target: tokens are for nobody else. */
export interface Destination {
  readonly target: string
  /** What the kind fetches before its first MCP request. */
  readonly metadataPaths: readonly string[]
  /** Gives a client what it takes its access tokens from; absent where it needs none. */
  readonly credentials?: () => ClientCredentials
}

/** Where the clients of a scenario go. A client compares `now` with what it opened its session for. */
export class CurrentDestination {
  readonly #of: (target: string) => Destination
  #now: Destination

  /** @param of all that follows from a target. */
  constructor(target: string, of: (target: string) => Destination) {
    this.#of = of
    this.#now = of(target)
  }

  get now(): Destination {
    return this.#now
  }

  change(target: string): void {
    if (target !== this.#now.target) this.#now = this.#of(target)
  }
}
