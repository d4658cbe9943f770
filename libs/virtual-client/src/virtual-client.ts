import type { CallObserver } from './call-observer.ts'
import type { EndSignals } from './end-signals.ts'
import type { Pending } from './later.ts'
import type { Variables } from './templates/template-scope.ts'

/** One simulated MCP client: it opens a session as its kind does, runs its flow, and leaves as its kind does. */
export interface VirtualClient {
  readonly clientKind: string
  /** True once the client has nothing more to do: its data is used up. Without it a client never has. */
  readonly isFinished?: boolean
  /**
   * Connects and runs the kind's opening sequence. Failures are recorded as failed calls, and reported by `false`,
   * so that the scheduler can back off before it tries again. An opening the end of the run broke off is `false` too.
   */
  open(end: EndSignals): Promise<boolean>
  /**
   * Runs the flow once.
   * @param intendedMs when this iteration should have started, on the monotonic clock: response times count from there.
   * Never rejects: failed calls are recorded. At the end of the run the rest of the flow is left out, and a call that has to be cut is
   * recorded as `stopped`.
   * A client that lost its session, or never got one, first tries to open a new one, with growing pauses.
   * @returns the intended start of the next iteration, or undefined where the flow sets no pace.
   */
  iterate(intendedMs: number, end: EndSignals): Pending<number | undefined>
  /** Leaves as the kind does, and frees all sockets. Never throws. */
  close(): Promise<void>
}

/** Makes the clients of one scenario; its flow is compiled once. */
export interface ClientFactory {
  readonly scenario: string
  readonly weight: number
  /**
   * @param index the client's number in the whole run, the same whichever shard runs it: seeds and data rows follow from it.
   * @param variables beat those of the plan; from hosts that hand out data themselves. The client keeps what it captures in there.
   * @param observer hears of each of the client's calls.
   */
  create(index: number, variables?: Variables, observer?: CallObserver): VirtualClient
  /** From now on its clients go to another server: each leaves the one it knows before its next iteration. */
  retarget(target: string): void
}
