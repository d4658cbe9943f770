import type { Problem } from '@squall/errors'
import type { PreparedRun } from '@squall/fabric'
import type { RunControl } from '@squall/load-protocol'
import {
  changedPhases,
  clientsAtLevel,
  findTargetMistake,
  levelAt,
  phasesOf,
  shownTarget,
  type LoadChange,
  type LoadPlan,
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
  /**
   * From now on clients go to another server: new ones at once, those that are there with their next iteration, each in a session of its own.
   * The numbers go on; whoever wants those of the new server alone resets them.
   * @returns what keeps it from being done; nothing has changed then.
   */
  setTarget(target: string): Omit<Problem, 'where'> | undefined
  pause(): void
  resume(): void
  /** The numbers begin anew with the next second; what came before is left out, as a warm-up is. */
  resetNumbers(): void
  /** Ends the load: calls under way may take as long as the plan lets them. */
  stop(): void
  /** Ends the load at once. */
  stopNow(): void
  /** Resolves when all that was changed is where whoever takes the run over finds it. */
  told(): Promise<void>
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
  #phases: readonly Phase[]
  #setClients: number | undefined
  #rateFactor = 1

  constructor(controlled: ControlledRun) {
    this.#of = controlled
    this.#phases = phasesOf(controlled.plan.model)
  }

  get model(): 'closed' | 'open' {
    return this.#of.plan.model.type
  }

  get clients(): number {
    const { model } = this.#of.plan
    if (model.type === 'open') return 0
    if (this.#setClients !== undefined) return this.#setClients
    return model.stages === undefined ? model.clients : clientsAtLevel(levelAt(model.stages, this.#of.time.nowMs))
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
    if (this.model === 'open') return false
    this.#steer({ type: 'set-clients', atMs: this.#of.time.nextChangeMs, clients: Math.max(0, Math.round(wanted)) })
    return true
  }

  setRateFactor(wanted: number): boolean {
    if (this.model === 'closed') return false
    this.#steer({ type: 'set-rate', atMs: this.#of.time.nextChangeMs, factor: Math.max(0, wanted) })
    return true
  }

  setTarget(wanted: string): Omit<Problem, 'where'> | undefined {
    const { plan, run, time } = this.#of
    // Agents say before a run which targets they allow; none of them is asked again.
    if (run.agents !== undefined) return { value: shownTarget(wanted), expected: 'a run of this machine alone' }
    const target = wanted.trim()
    const mistake = findTargetMistake(target, plan.scenarios)
    if (mistake === undefined) this.#steer({ type: 'set-target', atMs: time.nextChangeMs, target })
    return mistake
  }

  pause(): void {
    if (this.isPaused) return
    this.#steer({ type: 'pause', atMs: this.#of.time.nextChangeMs })
  }

  resume(): void {
    if (!this.isPaused) return
    this.#steer({ type: 'resume', atWallMs: this.#of.time.nextResumeWallMs })
  }

  resetNumbers(): void {
    this.#steer({ type: 'reset-numbers', fromSecond: Math.ceil(this.#of.time.elapsedSeconds) })
  }

  stop(): void {
    this.#note('stopped by hand')
    this.#of.stop(this.#of.plan.requestTimeoutMs)
  }

  stopNow(): void {
    this.#note('stopped by hand, at once')
    this.#of.stop(0)
  }

  async told(): Promise<void> {
    await this.#of.run.told?.()
  }

  /** Takes over what an earlier controller of the run told the generators. */
  recall(controls: readonly RunControl[]): void {
    for (const control of controls) this.#of.record.note(secondOf(control, this.#of.time), this.#take(control))
  }

  #steer(control: RunControl): void {
    this.#of.run.control(control)
    this.#note(this.#take(control))
  }

  /** @returns what was done, for the report. */
  #take(control: RunControl): string {
    if (control.type === 'set-target') return `target set to ${shownTarget(control.target)}`
    if (control.type === 'set-clients' || control.type === 'set-rate') return this.#takeChange(control)
    if (control.type === 'reset-numbers') {
      this.#of.record.aggregate.resetFrom(control.fromSecond)
      return `numbers reset: they count from second ${control.fromSecond}`
    }
    if (control.type === 'pause') {
      this.#of.time.pause(control.atMs)
      this.#of.onPause()
      return 'paused'
    }
    const pausedMs = this.#of.time.resume(control.atWallMs)
    this.#of.onResume()
    return `resumed after ${(pausedMs / 1000).toFixed(1)} s`
  }

  #takeChange(change: Exclude<LoadChange, { type: 'set-target' }>): string {
    this.#phases = changedPhases(this.#phases, this.#of.plan.model, change)
    if (change.type === 'set-rate') {
      this.#rateFactor = change.factor
      return `rate set to ${Number((change.factor * 100).toFixed(1))} % of the plan`
    }
    this.#setClients = change.clients
    return `clients set to ${change.clients}`
  }

  #note(text: string): void {
    this.#of.record.note(this.#of.time.elapsedSeconds, text)
  }
}

/** When it took effect, in seconds of the run. */
function secondOf(control: RunControl, time: PlanTime): number {
  if (control.type === 'reset-numbers') return control.fromSecond
  return control.type === 'resume' ? time.secondAtWall(control.atWallMs) : time.secondOf(control.atMs)
}
