import type { Json } from '@squall/load-plan'
import type { CallOutcome, McpRequest } from '@squall/mcp-wire'

/** One call of a client, as somebody sees it who looks over the client's shoulder. */
export interface ObservedCall {
  readonly request: McpRequest
  readonly outcome: CallOutcome
  /** Why the call counts as failed, a missed `match` included; undefined for a good one. */
  readonly errorCode: string | undefined
  /** What the step says under `expect`: not for the client to judge, but for whoever looks. */
  readonly expect: Json | undefined
}

/** Hears of every call of one client, its opening included: for hosts that show calls to plugins or to a person. */
export interface CallObserver {
  /**
   * A call ended and was recorded. Must never reject.
   * @returns what the client waits for before it goes on, if anything.
   */
  callEnded(call: ObservedCall): Promise<void> | undefined
}
