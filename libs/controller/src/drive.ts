import type { PastSteering, PreparedRun } from '@squall/fabric'
import { planDurationMs, type LoadPlan, type Phase } from '@squall/load-plan'
import type { LiveState, ThresholdResult } from '@squall/report'
import type { Clock, Timer } from '@squall/time'
import { toLiveState } from './live-state.ts'
import { PlanTime } from './plan-time.ts'
import { LiveControls, type RunControls } from './run-controls.ts'
import type { RunRecord } from './run-record.ts'
import { nextState, type EndReason, type RunEvent, type RunState } from './run-state.ts'

export interface Drive {
  readonly plan: LoadPlan
  readonly clock: Clock
  readonly record: RunRecord
  readonly signal: AbortSignal
  readonly onProgress: (state: LiveState) => void
  /** Told T0 once it is agreed. */
  readonly onStart: (startAtWallMs: number) => void
  /** Handed what steers the run, once T0 is agreed. */
  readonly onControls?: ((controls: RunControls) => void) | undefined
}

/** A run whose load is over. */
export type EndedRun = Extract<RunState, { type: 'finalising' }>

/** How a run went, as far as the controller had a part in it. */
export interface DrivenRun {
  readonly ended: EndedRun
  /** How long the load stood still by hand: in all, and in the time that is measured. */
  readonly pausedMs: number
  readonly measuredPausedMs: number
  /** The instant of the plan, which stands still in pauses, at which a second of the run began. */
  readonly planMsAt: (second: number) => number
  /** What the run went through: the plan's phases, and what was set by hand. */
  readonly phases: readonly Phase[]
  /** Whether the number of clients is no longer the plan's. */
  readonly isSetByHand: boolean
  /** The threshold that ended the run. */
  readonly abort?: ThresholdResult
}

/** A user who stops a run waits for it: calls under way get this long. */
const userDrainMs = 800
/** After the last second, until its snapshots have arrived. */
const progressDelayMs = 200
/** How long sessions may go on after the last arrival, or clients after the last second, beyond a call's own time. */
const overdueMs = { open: 120_000, closed: 15_000 }

/** Starts the load of a prepared run and sees it to its end, whatever that is. */
export async function drive(run: PreparedRun, options: Drive): Promise<DrivenRun> {
  const drive = new RunDrive(run, options)
  try {
    await run.ended
  } finally {
    drive.close()
  }
  return drive.finish()
}

class RunDrive {
  readonly #run: PreparedRun
  readonly #options: Drive
  readonly #startAtMs: number
  readonly #time: PlanTime
  readonly #ticker: Timer
  readonly #startTimer: Timer
  readonly #stopForUser = (): void => this.#stop('stopped', userDrainMs)
  readonly #controls: LiveControls
  #overdue: Timer
  #state: RunState = { type: 'preparing' }
  #abort: ThresholdResult | undefined

  constructor(run: PreparedRun, options: Drive) {
    const { clock, signal } = options
    this.#run = run
    this.#options = options
    const startAtWallMs = run.start()
    this.#startAtMs = clock.monotonicMs() + startAtWallMs - clock.wallMs()
    this.#time = new PlanTime(clock, this.#startAtMs)
    this.#dispatch({ type: 'start-agreed', startAtMs: this.#startAtMs })
    options.onStart(startAtWallMs)
    this.#startTimer = clock.at(this.#startAtMs, () => this.#dispatch({ type: 'started' }))
    this.#overdue = this.#armOverdue()
    this.#ticker = everySecond(clock, this.#startAtMs + progressDelayMs, () => this.#tick())
    this.#controls = this.#createControls()
    if (run.past !== undefined) this.#recall(run.past)
    options.onControls?.(this.#controls)
    signal.addEventListener('abort', this.#stopForUser, { once: true })
    if (signal.aborted) this.#stopForUser()
  }

  close(): void {
    this.#options.signal.removeEventListener('abort', this.#stopForUser)
    for (const timer of [this.#ticker, this.#startTimer, this.#overdue]) timer.cancel()
  }

  finish(): DrivenRun {
    const { clock, record } = this.#options
    this.#dispatch({ type: 'load-ended', endedAtMs: clock.monotonicMs() })
    const ended = expectEnded(this.#state)
    // Who stops a run that stands still ends the pause too: what calls under way take after it is no part of either.
    return {
      ended,
      pausedMs: this.#time.pausedMsSince(0, ended.stoppedAtMs),
      measuredPausedMs: this.#time.pausedMsSince(record.aggregate.measuredFromSecond, ended.stoppedAtMs),
      planMsAt: (second) => this.#time.planMsAt(second),
      phases: this.#controls.phases,
      isSetByHand: this.#controls.isSetByHand,
      ...(this.#abort && { abort: this.#abort }),
    }
  }

  #createControls(): LiveControls {
    const { plan, record } = this.#options
    return new LiveControls({
      plan,
      record,
      run: this.#run,
      time: this.#time,
      stop: (drainMs) => this.#stop('stopped', drainMs),
      // A plan that stands still cannot be late.
      onPause: () => {
        this.#overdue.cancel()
        this.#showProgress()
      },
      onResume: () => {
        this.#overdue = this.#armOverdue()
        this.#showProgress()
      },
    })
  }

  #recall({ controls, stoppedAtWallMs }: PastSteering): void {
    this.#controls.recall(controls)
    if (stoppedAtWallMs === undefined) return
    const second = this.#time.secondAtWall(stoppedAtWallMs)
    this.#options.record.note(second, 'stopped before it was taken over')
    this.#dispatch({ type: 'stop-asked', atMs: this.#startAtMs + second * 1000, why: 'stopped' })
  }

  #armOverdue(): Timer {
    const { clock, plan } = this.#options
    // A pause that has just been ended lasts a moment longer.
    const atMs = this.#startAtMs + longestMs(plan) + this.#time.pausedMsSince(0, Number.POSITIVE_INFINITY)
    let isCancelled = false
    const timer = clock.at(atMs, () => void this.#run.caughtUp().then(() => isCancelled || this.#cut()))
    return {
      cancel: () => {
        isCancelled = true
        timer.cancel()
      },
    }
  }

  #cut(): void {
    const { plan, record } = this.#options
    const after = plan.model.type === 'open' ? 'the last arrival' : 'the end of its duration'
    if (this.#state.type === 'running')
      record.note(this.#time.elapsedSeconds, `cut: clients were still there long after ${after}`)
    this.#stop('overdue', 0)
  }

  #tick(): void {
    this.#showProgress()
    if (this.#state.type !== 'running') return
    this.#abort = this.#options.record.abortWatch.broken(this.#time, this.#controls.phases)
    if (this.#abort === undefined) return
    this.#options.record.note(this.#time.elapsedSeconds, `ended early: the last seconds broke ${this.#abort.expression}`)
    this.#stop('aborted', userDrainMs)
  }

  #stop(why: EndReason, drainMs: number): void {
    this.#dispatch({ type: 'stop-asked', atMs: this.#options.clock.monotonicMs(), why })
    this.#run.stop(drainMs)
  }

  #dispatch(event: RunEvent): void {
    this.#state = nextState(this.#state, event)
    this.#showProgress()
  }

  #showProgress(): void {
    const { plan, clock, record, onProgress } = this.#options
    const { aggregate } = record
    const pausedMs = this.#time.pausedMsSince(0)
    const agents = this.#run.agents?.()
    onProgress(
      toLiveState({
        plan,
        state: this.#state,
        nowMs: clock.monotonicMs(),
        isPaused: this.#time.isPaused,
        pausedMs,
        recent: aggregate.recent(recentSeconds),
        numbers: aggregate.numbers(),
        ...(agents && { agents: record.liveAgents.rows(agents, record.shards, this.#time.elapsedSeconds) }),
      }),
    )
  }
}

function expectEnded(state: RunState): EndedRun {
  if (state.type !== 'finalising') throw new Error(`a run whose load ended is ${state.type}`)
  return state
}

const longestMs = (plan: LoadPlan): number => planDurationMs(plan) + plan.requestTimeoutMs + overdueMs[plan.model.type]

/** Long enough to be steady, short enough to be of now. */
const recentSeconds = 5

function everySecond(clock: Clock, firstMs: number, callback: () => void): Timer {
  let timer: Timer
  let nextMs = firstMs + 1000
  const tick = (): void => {
    callback()
    // What was missed is not made up for.
    nextMs = Math.max(nextMs + 1000, clock.monotonicMs())
    timer = clock.at(nextMs, tick)
  }
  timer = clock.at(nextMs, tick)
  return { cancel: () => timer.cancel() }
}
