/** How the end of a run reaches a client: first gently, then by force. */
export interface EndSignals {
  /** No call is begun any more and waits end at once, while a call under way goes on to its answer. */
  readonly ending: AbortSignal
  /** The call under way is cut. Never fires before `ending`. */
  readonly cutting: AbortSignal
}

const never = new AbortController().signal

/** For hosts that let every client walk its flow to the end. */
export const neverEnding: EndSignals = { ending: never, cutting: never }
