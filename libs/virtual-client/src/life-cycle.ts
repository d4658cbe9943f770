import type { LifeCyclePlan } from '@squall/load-plan'
import { type Clock, seededRandom } from '@squall/time'
import type { ClientKind, OpeningMove } from './kinds/client-kind.ts'

/** A life cycle with what follows from it for a client kind; made once for all clients of a scenario. */
export interface LifeCycle extends LifeCyclePlan {
  readonly legacyOpening: readonly OpeningMove[]
  readonly modernOpening: readonly OpeningMove[]
  /** Whether a client must keep account of its session's age. */
  readonly hasTerm: boolean
}

/** Keeps this choice apart from the client's other ones. */
const lifeCycleStream = 0x6c696665

/** The life cycles of a scenario, and which of them the client with an index follows, in proportion to their weights. */
export function createLifeCycles(
  kind: ClientKind,
  plans: readonly LifeCyclePlan[] = [],
  seed: number,
): (index: number) => LifeCycle {
  const asItsKind = toLifeCycle(kind, { weight: 1 })
  const all = plans.map((plan) => toLifeCycle(kind, plan))
  const total = all.reduce((sum, { weight }) => sum + weight, 0)
  if (all.length <= 1) return () => all[0] ?? asItsKind
  return (index) => {
    let left = seededRandom(seed ^ lifeCycleStream, index).next() * total
    return all.find(({ weight }) => (left -= weight) < 0) ?? asItsKind
  }
}

function toLifeCycle(kind: ClientKind, plan: LifeCyclePlan): LifeCycle {
  const { holdsStream, sessionIterations, sessionMs, reconnectMs } = plan
  return {
    ...plan,
    legacyOpening: withStream(kind.legacyOpening, holdsStream),
    modernOpening: withStream(kind.modernOpening, holdsStream),
    hasTerm: sessionIterations !== undefined || sessionMs !== undefined || reconnectMs !== undefined,
  }
}

function withStream(moves: readonly OpeningMove[], holdsStream: boolean | undefined): readonly OpeningMove[] {
  if (holdsStream === undefined || holdsStream === moves.includes('hold-stream')) return moves
  return holdsStream ? ['hold-stream', ...moves] : moves.filter((move) => move !== 'hold-stream')
}

/** The age of one client's session, for life cycles that set it an end. */
export class SessionTerm {
  readonly #lifeCycle: LifeCycle
  readonly #clock: Clock
  #iterations = 0
  #openedMs = 0
  #streamMs = 0

  constructor(lifeCycle: LifeCycle, clock: Clock) {
    this.#lifeCycle = lifeCycle
    this.#clock = clock
  }

  /** A session was opened. */
  begin(): void {
    this.#iterations = 0
    this.#openedMs = this.#clock.monotonicMs()
    this.#streamMs = this.#openedMs
  }

  iterated(): void {
    this.#iterations++
  }

  /** Whether the session has served as long as it may. */
  get isOver(): boolean {
    const { sessionIterations = Number.POSITIVE_INFINITY, sessionMs = Number.POSITIVE_INFINITY } = this.#lifeCycle
    return this.#iterations >= sessionIterations || this.#clock.monotonicMs() - this.#openedMs >= sessionMs
  }

  /** When the push stream is to be broken next. */
  get reconnectDueMs(): number {
    return this.#streamMs + (this.#lifeCycle.reconnectMs ?? Number.POSITIVE_INFINITY)
  }

  /** The stream was broken and asked for again. */
  reconnected(): void {
    this.#streamMs = this.#clock.monotonicMs()
  }
}
