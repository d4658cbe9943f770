import type { BullmqFabric } from '@squall/fabric'
import type { AgentHello } from '@squall/load-protocol'

/** A server's own way to its agents, which is made anew where it could not be made. */
export class FleetLink {
  readonly #open: () => Promise<BullmqFabric>
  #fabric: Promise<BullmqFabric> | undefined

  constructor(open: () => Promise<BullmqFabric>) {
    this.#open = open
  }

  /** @throws CodedError of a Redis that cannot be used. */
  async connect(): Promise<void> {
    await this.#connected()
  }

  /** @throws CodedError of a Redis that cannot be used, or does not answer in time. */
  async agents(): Promise<readonly AgentHello[]> {
    const fabric = await this.#connected()
    return fabric.agents()
  }

  async close(): Promise<void> {
    const fabric = await this.#fabric?.catch(() => undefined)
    await fabric?.close()
  }

  #connected(): Promise<BullmqFabric> {
    this.#fabric ??= this.#open().catch((error: unknown) => {
      this.#fabric = undefined
      throw error
    })
    return this.#fabric
  }
}
