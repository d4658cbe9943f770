import type { PreparedRun } from '@squall/fabric'
import {
  changedPhases,
  clientsAtLevel,
  levelAt,
  phasesOf,
  stagesOf,
  withClients,
  type LoadChange,
  type LoadPlan,
  type LoadStage,
  type Phase,
} from '@squall/load-plan'
import type { PlanTime } from './plan-time.ts'
import type { RunRecord } from './run-record.ts'

/** How a run under way is steered. Each change reaches all generators for the same instant, and becomes an event of the report. */
export interface RunControls {
  readonly model: 'closed' | 'open'
  /** Of the closed model: how many clients are wanted, whether or not they have all started. */
  readonly clients: number
  /** Of the open model: how many times as often as planned arrivals come. */
  readonly rateFactor: number
  readonly isPaused: boolean
  /**
   * From now on so many clients, until the end; a shape no longer rules.
   * @param clients a whole number; fewer than none are none.
   * @returns false in the open model, where clients come by arrivals.
   */
  setClients(clients: number): boolean
  /**
   * From now on arrivals come so many times as often as planned.
   * @returns false in the closed model.
   */
  setRateFactor(factor: number): boolean
  pause(): void
  resume(): void
  /** The numbers begin anew with the next second; what came before is left out, as a warm-up is. */
  resetNumbers(): void
  /** Ends the load: calls under way may take as long as the plan lets them. */
  stop(): void
  /** Ends the load at once. */
  stopNow(): void
}

export interface ControlledRun {
  readonly plan: LoadPlan
  readonly run: PreparedRun
  readonly time: PlanTime
  readonly record: RunRecord
  readonly stop: (drainMs: number) => void
  readonly onPause: () => void
  readonly onResume: () => void
}

/** @returns the controls of a run whose T0 is agreed. */
export class LiveControls implements RunControls {
  readonly #of: ControlledRun
  #stages: readonly LoadStage[]
  #phases: readonly Phase[]
  #setClients: number | undefined
  #rateFactor = 1

  constructor(controlled: ControlledRun) {
    this.#of = controlled
    const { model } = controlled.plan
    this.#stages = model.type === 'closed' ? stagesOf(model) : []
    this.#phases = phasesOf(model)
  }

  get model(): 'closed' | 'open' {
    return this.#of.plan.model.type
  }

  get clients(): number {
    const { model } = this.#of.plan
    if (model.type === 'open') return 0
    const planned = model.stages === undefined ? model.clients : clientsAtLevel(levelAt(this.#stages, this.#of.time.nowMs))
    return this.#setClients ?? planned
  }

  /** Whether the number of clients is no longer the plan's. */
  get isSetByHand(): boolean {
    return this.#setClients !== undefined
  }

  /** What the run goes through: the plan's phases, and what was set by hand in the place of some. */
  get phases(): readonly Phase[] {
    return this.#phases
  }

  get rateFactor(): number {
    return this.#rateFactor
  }

  get isPaused(): boolean {
    return this.#of.time.isPaused
  }

  setClients(wanted: number): boolean {
    const { time } = this.#of
    const { model } = this.#of.plan
    if (model.type === 'open') return false
    const clients = Math.max(0, Math.round(wanted))
    const atMs = time.nextChangeMs
    this.#stages = withClients(this.#stages, atMs, clients, model.spawnRatePerSecond)
    this.#setClients = clients
    this.#change({ type: 'set-clients', atMs, clients })
    this.#note(`clients set to ${clients}`)
    return true
  }

  setRateFactor(wanted: number): boolean {
    if (this.model === 'closed') return false
    this.#rateFactor = Math.max(0, wanted)
    this.#change({ type: 'set-rate', atMs: this.#of.time.nextChangeMs, factor: this.#rateFactor })
    this.#note(`rate set to ${Number((this.#rateFactor * 100).toFixed(1))} % of the plan`)
    return true
  }

  pause(): void {
    if (this.isPaused) return
    this.#of.run.control({ type: 'pause', atMs: this.#of.time.pause() })
    this.#note('paused')
    this.#of.onPause()
  }

  resume(): void {
    if (!this.isPaused) return
    const { atWallMs, pausedMs } = this.#of.time.resume()
    this.#of.run.control({ type: 'resume', atWallMs })
    this.#note(`resumed after ${(pausedMs / 1000).toFixed(1)} s`)
    this.#of.onResume()
  }

  resetNumbers(): void {
    const second = Math.ceil(this.#of.time.elapsedSeconds)
    this.#of.record.aggregate.resetFrom(second)
    this.#note(`numbers reset: they count from second ${second}`)
  }

  stop(): void {
    this.#note('stopped by hand')
    this.#of.stop(this.#of.plan.requestTimeoutMs)
  }

  stopNow(): void {
    this.#note('stopped by hand, at once')
    this.#of.stop(0)
  }

  #change(change: LoadChange): void {
    const { run, plan } = this.#of
    run.control(change)
    this.#phases = changedPhases(this.#phases, plan.model, change)
  }

  #note(text: string): void {
    this.#of.record.note(this.#of.time.elapsedSeconds, text)
  }
}
