import type { FleetOrder, RunControl } from '@squall/load-protocol'

type ControlOrder = Extract<FleetOrder, { type: 'control' }>

/** Where a share goes on that is taken over. */
export interface ResumePoint {
  readonly fromMs: number
  readonly pausedMs: number
  /** What was done to the run before and still counts. */
  readonly controls: readonly ControlOrder[]
}

/** All that the controller of a run has ordered so far. Instants are on the clock of Redis. */
export class OrderBook {
  readonly #controls: ControlOrder[] = []
  readonly #listeners = new Set<(order: FleetOrder) => void>()
  #startAtMs: number | undefined
  #stop: Extract<FleetOrder, { type: 'stop' }> | undefined

  get startAtMs(): number | undefined {
    return this.#startAtMs
  }

  get stop(): Extract<FleetOrder, { type: 'stop' }> | undefined {
    return this.#stop
  }

  get controls(): readonly ControlOrder[] {
    return this.#controls
  }

  /** For how long the plan of a run that began then has stood still, and the instant of the plan at which it stands now, if it does. */
  pauses(startAtMs: number): { readonly pausedMs: number; readonly pausedAtMs: number | undefined } {
    let pausedMs = 0
    let pausedAtMs: number | undefined
    for (const { control } of this.#controls) {
      if (control.type === 'pause') pausedAtMs ??= control.atMs
      if (control.type !== 'resume' || pausedAtMs === undefined) continue
      pausedMs = Math.max(pausedMs, control.atWallMs - startAtMs - pausedAtMs)
      pausedAtMs = undefined
    }
    return { pausedMs, pausedAtMs }
  }

  take(order: FleetOrder): void {
    // A controller that was frozen, and replaced meanwhile, may still tell its own.
    if (order.type === 'start') this.#startAtMs ??= order.startAtMs
    if (order.type === 'stop') this.#stop = order
    if (order.type === 'control') this.#controls.push(order)
    for (const listener of this.#listeners) listener(order)
  }

  /** @returns what ends it. */
  listen(listener: (order: FleetOrder) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /**
   * Where in its plan a run that has started stands: shares are resumed with a whole second, so that no second is half somebody's.
   * @param atMs the earliest instant at which load can be made again.
   */
  resumePoint(atMs: number): ResumePoint {
    const startAtMs = this.#startAtMs ?? atMs
    const { pausedMs, pausedAtMs } = this.pauses(startAtMs)
    const rest = this.#controls.filter(({ control }) => isChange(control))
    const lastPause = this.#controls.findLast(({ control }) => control.type === 'pause')
    if (pausedAtMs !== undefined && lastPause !== undefined)
      return { fromMs: pausedAtMs, pausedMs, controls: [...rest, lastPause].toSorted((a, b) => a.sequence - b.sequence) }
    const elapsedMs = Math.max(0, Math.ceil((atMs - startAtMs) / 1000) * 1000)
    return { fromMs: Math.max(0, elapsedMs - pausedMs), pausedMs, controls: rest }
  }
}

const isChange = ({ type }: RunControl): boolean => type === 'set-clients' || type === 'set-rate'
