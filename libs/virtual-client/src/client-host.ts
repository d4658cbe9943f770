import type { FailureSamples, WireTap } from '@squall/mcp-wire'
import type { Recorder } from '@squall/metrics'
import type { Clock } from '@squall/time'
import type { PackFunctions } from './pack-functions.ts'

/** What virtual clients need from the program they run in. */
export interface ClientHost {
  readonly clock: Clock
  /**
   * Where numbers go. Virtual clients record every MCP request that expects an answer, and count `sessionsOpened`, `strayReplies`,
   * `bytesSent` and `bytesReceived` (message bytes, without HTTP headers). Their scheduler counts `clientsStarted`, `clientsFinished`,
   * `droppedStarts`, `clientsChanged` and `scheduleLag`.
   */
  readonly recorder: Recorder
  /** Every random choice of the clients follows from this number and their index. */
  readonly seed: number
  /** The name of the phase at an instant of the monotonic clock; calls carry that of the instant they were due. */
  readonly phaseAt?: (monotonicMs: number) => string
  /** Functions that flows may name; those of the plan's processor unless given. */
  readonly functions?: PackFunctions
  /** Keeps a few failed calls to show; none are kept unless given. */
  readonly samples?: FailureSamples
  /** Hears all that travels between the clients and the target. */
  readonly tap?: WireTap
  /** Where `log` steps write; standard error unless given. */
  readonly log?: (line: string) => void
}

export const writeLine = (line: string): void => void process.stderr.write(`${line}\n`)
