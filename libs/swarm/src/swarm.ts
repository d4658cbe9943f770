import { changedPhases, phaseAt, phasesOf, planDurationMs, type LoadChange, type LoadPlan, type Share } from '@squall/load-plan'
import type { Recorder } from '@squall/metrics'
import { HeapClock, type Clock, type RandomSource } from '@squall/time'
import type { ClientFactory } from '@squall/virtual-client'
import { createCast } from './cast.ts'
import { ClosedLoad } from './closed-load.ts'
import type { Load } from './load.ts'
import { OpenLoad } from './open-load.ts'
import { PauseBook } from './pause-book.ts'
import { Population } from './population.ts'
import { RunEnd } from './run-end.ts'

export interface SwarmOptions {
  readonly plan: LoadPlan
  readonly share: Share
  /** One for each scenario of the plan, in any order. */
  readonly factories: readonly ClientFactory[]
  readonly clock: Clock
  /** For the jitter of back-offs; what clients choose follows from the plan's seed and their index. */
  readonly random: RandomSource
  readonly recorder: Recorder
  /** T0 on the monotonic clock. */
  readonly startAtMs: number
  /**
   * From where on in the plan this swarm makes the share's load, in milliseconds since T0; 0 unless given. A generator that takes a
   * share over starts here: arrivals before are not its business, and clients that should be alive by then start at once.
   */
  readonly fromMs?: number
}

/** The virtual clients of one share of a plan, while they make load. */
export interface Swarm {
  /**
   * Resolves when the plan ended, or `stop` was called, and every client has left.
   * A closed plan's clients begin no call once its duration is over and leave at once from their waits; a call under way gets the plan's
   * request time-out. The clients of an open plan finish their flows, since every arrival is to be made whole.
   * @throws what a virtual client threw that was none of its named outcomes; the load ends at once then.
   */
  readonly finished: Promise<void>
  /**
   * Lets the schedule stand still: no iteration and no arrival starts, those under way go on to their end. A pause moves everything
   * after it, the end of the plan too, by its length; intended starts move along, so it is not counted as lag.
   * @param atMs the instant of the plan at which it stands still, in milliseconds since T0; now unless given.
   */
  pause(atMs?: number): void
  /** @param atMs when it goes on, on the monotonic clock; now unless given. */
  resume(atMs?: number): void
  /** Changes the load at the change's instant of the plan, or at once where that has passed. */
  change(change: LoadChange): void
  /**
   * Starts no iteration, arrival or call any more, ends waits at once, and cuts calls still under way after `drainMs`.
   * @param leavingMs what clients get to leave after that; a second unless given.
   * @returns what `finished` is.
   */
  stop(drainMs: number, leavingMs?: number): Promise<void>
  /** Clients alive now. */
  clientCount(): number
  /** The name of the phase at an instant of the monotonic clock: of the plan, or of what was set by hand. */
  phaseAt(monotonicMs: number): string
}

/**
 * Starts making a share's load: closed or open, as its plan says.
 * @throws SWARM_NO_FACTORY where a scenario of the plan has no factory.
 */
export function startSwarm(options: SwarmOptions): Swarm {
  const { plan, clock, recorder, factories, startAtMs } = options
  const schedule = new HeapClock(clock)
  const population = new Population({ recorder, schedule, cast: createCast(plan, factories) })
  const load = loadOf(options, schedule, population)
  const end = new RunEnd(clock, load, population)
  const pauses = new PauseBook()
  let phases = phasesOf(plan.model)
  const endMs = startAtMs + planDurationMs(plan)
  const planEnd = schedule.at(endMs, () =>
    plan.model.type === 'closed' ? end.expire(endMs, plan.requestTimeoutMs) : end.complete(),
  )
  const pauseAt = (planMs: number): void => {
    if (schedule.isStopped) return
    schedule.stop(planMs)
    pauses.began(schedule.monotonicMs() + pauses.standstillBefore(clock.monotonicMs()))
  }
  const resumeAt = (atMs: number): void => {
    if (!schedule.isStopped) return
    schedule.start(atMs)
    pauses.ended(atMs)
  }
  load.begin()
  const finished = end.over.finally(() => planEnd.cancel())
  return {
    finished,
    pause: (atMs) => {
      const planMs = atMs === undefined ? schedule.monotonicMs() : startAtMs + atMs
      whenDue(schedule, planMs, () => pauseAt(planMs))
    },
    resume: (atMs = clock.monotonicMs()) => whenDue(clock, atMs, () => resumeAt(atMs)),
    change: (change) =>
      whenDue(schedule, startAtMs + change.atMs, () => {
        load.change(change)
        if (change.type === 'set-target') for (const factory of factories) factory.retarget(change.target)
        phases = changedPhases(phases, plan.model, change)
      }),
    stop: (drainMs, leavingMs) => {
      end.stop(drainMs, leavingMs)
      return finished
    },
    clientCount: () => population.size,
    phaseAt: (monotonicMs) => phaseAt(phases, monotonicMs - pauses.standstillBefore(monotonicMs) - startAtMs),
  }
}

function whenDue(clock: Clock, dueMs: number, callback: () => void): void {
  if (dueMs <= clock.monotonicMs()) callback()
  else clock.at(dueMs, callback)
}

function loadOf({ fromMs = 0, ...options }: SwarmOptions, schedule: HeapClock, population: Population): Load {
  const { model } = options.plan
  return model.type === 'closed'
    ? new ClosedLoad({ ...options, model, fromMs, schedule, population })
    : new OpenLoad({ ...options, model, fromMs, schedule, population })
}
