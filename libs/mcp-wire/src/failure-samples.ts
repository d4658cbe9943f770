import type { FailureSample } from '@squall/metrics'
import type { CallOutcome } from './call-outcome.ts'
import type { McpRequest } from './mcp-connection.ts'
import { redact } from './redact.ts'
import { writtenJson } from './rpc/written-json.ts'

const samplesPerCode = 5
const codesKept = 50
const longestText = 500

/** The first few failures of each code: enough to see what went wrong, in bounded memory. */
export class FailureSamples {
  readonly #byCode = new Map<string, FailureSample[]>()
  #untaken: FailureSample[] = []

  get all(): readonly FailureSample[] {
    return [...this.#byCode.values()].flat()
  }

  /**
   * Keeps a failed call, unless there are enough of its code.
   * @param code the outcome's own, or that of a check which a successful answer failed.
   */
  offer(request: McpRequest, outcome: CallOutcome, code: string): void {
    const known = this.#byCode.get(code) ?? []
    const isFull = known.length === 0 ? this.#byCode.size >= codesKept : known.length >= samplesPerCode
    if (isFull) return
    const sample = toSample(request, outcome, code)
    known.push(sample)
    this.#untaken.push(sample)
    this.#byCode.set(code, known)
  }

  /** Those kept since this was last called. */
  take(): readonly FailureSample[] {
    const taken = this.#untaken
    this.#untaken = []
    return taken
  }
}

function toSample({ method, name = '', paramsJson }: McpRequest, outcome: CallOutcome, code: string): FailureSample {
  const message = outcome.ok ? 'the answer is not what the flow expects' : outcome.message
  const serviceMs = outcome.doneMs - outcome.sentMs
  return { code, method, name, message: show(message), request: show(paramsJson), reply: show(replyOf(outcome)), serviceMs }
}

function replyOf(outcome: CallOutcome): string {
  if (outcome.result !== undefined) return writtenJson(outcome.result) ?? 'nested too deep to be shown'
  return outcome.ok ? '' : (outcome.replyExcerpt ?? '')
}

/** Redacted first: a secret cut in two could no longer be told from other text. */
function show(text: string): string {
  const shown = redact(text.slice(0, 4 * longestText))
  return shown.length > longestText ? `${shown.slice(0, longestText - 1)}…` : shown
}
