/** A failed call as a person may see it: shortened, and without secrets. */
export interface FailureSample {
  readonly code: string
  readonly method: string
  /** The tool, the prompt or the resource; empty where there is none. */
  readonly name: string
  readonly message: string
  /** The parameters sent, as JSON text that may be cut. */
  readonly request: string
  /** What was answered, as far as there was an answer. */
  readonly reply: string
  readonly serviceMs: number
}
