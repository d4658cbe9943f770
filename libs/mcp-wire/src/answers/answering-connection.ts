import type { CallOutcome, JsonObject } from '../call-outcome.ts'
import type { ClientIdentity, McpConnection, McpRequest } from '../mcp-connection.ts'
import { joinOutcomes } from '../rpc/join-outcomes.ts'
import { ForwardingConnection } from '../rpc/forwarding-connection.ts'
import { isObject } from '../rpc/message.ts'
import { withMember } from '../rpc/request-text.ts'
import { writtenJson } from '../rpc/written-json.ts'
import { type ClientAnswers, resultFor } from './client-answers.ts'

const usualInputRounds = 8

/**
 * Gives a call the input it asks for, and tries it again, as the modern era does instead of requests by the server.
 * A call whose questions cannot be answered, or do not end, stays `tool.input_required`. All rounds count as one call.
 * Source: MCP 2026-07-28, "Multi round-trip requests".
 */
export class AnsweringConnection extends ForwardingConnection {
  readonly #capabilities: JsonObject
  readonly #answers: ClientAnswers

  constructor(inner: McpConnection, { capabilities }: ClientIdentity, answers: ClientAnswers) {
    super(inner)
    this.#capabilities = capabilities
    this.#answers = answers
  }

  async request(request: McpRequest, signal: AbortSignal): Promise<CallOutcome> {
    let outcome = await this.inner.request(request, signal)
    for (let left = this.#answers.inputRounds ?? usualInputRounds; left > 0; left--) {
      const next = this.#toNextRound(request, outcome)
      if (next === undefined) break
      outcome = joinOutcomes(outcome, await this.inner.request(next, signal))
    }
    return outcome
  }

  /** @returns undefined where the outcome asks for nothing, or for more than there are answers. */
  #toNextRound(request: McpRequest, outcome: CallOutcome): McpRequest | undefined {
    if (outcome.ok || outcome.code !== 'tool.input_required' || this.dialect.era !== 'modern') return undefined
    const { inputRequests, requestState } = outcome.result ?? {}
    const responses = this.#answerAll(inputRequests)
    const written = responses && writtenJson(responses)
    if (written === undefined) return undefined
    let { paramsJson } = request
    if (inputRequests !== undefined) paramsJson = withMember(paramsJson, `"inputResponses":${written}`)
    // The state is the server's own business, and goes back as it came.
    if (typeof requestState === 'string') paramsJson = withMember(paramsJson, `"requestState":${JSON.stringify(requestState)}`)
    // Each round is a request of its own, under an id of its own.
    const { id: _, ...anew } = request
    return { ...anew, paramsJson }
  }

  #answerAll(inputRequests: unknown): JsonObject | undefined {
    if (inputRequests === undefined) return {}
    if (!isObject(inputRequests)) return undefined
    const responses: Record<string, unknown> = {}
    for (const [key, question] of Object.entries(inputRequests)) {
      if (!isObject(question) || typeof question['method'] !== 'string') return undefined
      const params = isObject(question['params']) ? question['params'] : {}
      const answer = resultFor({ method: question['method'], params }, this.#capabilities, this.#answers)
      if (!('result' in answer)) return undefined
      responses[key] = answer.result
    }
    return responses
  }
}
