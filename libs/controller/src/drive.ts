import type { PreparedRun } from '@squall/fabric'
import { planDurationMs, type LoadPlan } from '@squall/load-plan'
import type { LiveState } from '@squall/report'
import type { Clock, Timer } from '@squall/time'
import { toLiveState } from './live-state.ts'
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
}

/** A run whose load is over. */
export type EndedRun = Extract<RunState, { type: 'finalising' }>

/** A user who stops a run waits for it: calls under way get this long. */
const userDrainMs = 800
/** After the last second, until its snapshots have arrived. */
const progressDelayMs = 200
/** How long sessions may go on after the last arrival, or clients after the last second, beyond a call's own time. */
const overdueMs = { open: 120_000, closed: 15_000 }

/** Starts the load of a prepared run and sees it to its end, whatever that is. */
export async function drive(run: PreparedRun, options: Drive): Promise<EndedRun> {
  const { plan, clock, signal } = options
  const timers: Timer[] = []
  let state: RunState = { type: 'preparing' }
  const dispatch = (event: RunEvent): void => {
    state = nextState(state, event)
    showProgress(state, options)
  }
  const stop = (why: EndReason, drainMs: number): void => {
    dispatch({ type: 'stop-asked', atMs: clock.monotonicMs(), why })
    run.stop(drainMs)
  }
  const stopForUser = (): void => stop('stopped', userDrainMs)

  const startAtWallMs = run.start()
  const startAtMs = clock.monotonicMs() + startAtWallMs - clock.wallMs()
  dispatch({ type: 'start-agreed', startAtMs })
  options.onStart(startAtWallMs)
  timers.push(clock.at(startAtMs, () => dispatch({ type: 'started' })))
  timers.push(clock.at(startAtMs + longestMs(plan), () => stop('overdue', 0)))
  const ticker = everySecond(clock, startAtMs + progressDelayMs, () => showProgress(state, options))
  signal.addEventListener('abort', stopForUser, { once: true })
  if (signal.aborted) stopForUser()
  try {
    await run.ended
  } finally {
    signal.removeEventListener('abort', stopForUser)
    ticker.cancel()
    for (const timer of timers) timer.cancel()
  }
  dispatch({ type: 'load-ended', endedAtMs: clock.monotonicMs() })
  return expectEnded(state)
}

function expectEnded(state: RunState): EndedRun {
  if (state.type !== 'finalising') throw new Error(`a run whose load ended is ${state.type}`)
  return state
}

const longestMs = (plan: LoadPlan): number => planDurationMs(plan) + plan.requestTimeoutMs + overdueMs[plan.model.type]

function showProgress(state: RunState, { plan, clock, record, onProgress }: Drive): void {
  const nowMs = clock.monotonicMs()
  onProgress(
    toLiveState({ plan, state, nowMs, recent: record.aggregate.recent(recentSeconds), numbers: record.aggregate.numbers() }),
  )
}

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
