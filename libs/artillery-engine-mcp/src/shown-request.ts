import { type ObservedCall, replyJson } from '@squall/virtual-client'

type Outcome = ObservedCall['outcome']

/** A call as Artillery's HTTP plugins want to see a request. */
export interface ShownRequest {
  /** The tool, or else the method. */
  readonly name: string
  readonly url: string
  readonly method: 'POST'
  readonly expect: unknown
  /** Plugins keep notes on the request between their hooks. */
  [note: string]: unknown
}

/** The answer to a call as Artillery's HTTP plugins want to see a response. */
export interface ShownResponse {
  /** That of HTTP; 200 where the answer came some other way. */
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  /** The call's result as JSON, or `{ "error": … }`; empty where it is nested too deep. */
  readonly body: string
  readonly timings: { readonly phases: { readonly firstByte: number; readonly total: number } }
}

export function toShownRequest({ request: { method, name }, expect = [] }: ObservedCall, url: string): ShownRequest {
  return { name: method === 'tools/call' ? (name ?? '') : method, url, method: 'POST', expect }
}

/** The response of a call; undefined where there was no answer to show. */
export function toShownResponse({ outcome }: ObservedCall): ShownResponse | undefined {
  if (!outcome.ok && isWithoutAnswer(outcome.code)) return undefined
  const { sentMs, doneMs, firstByteMs = doneMs } = outcome
  return {
    statusCode: !outcome.ok && outcome.code.startsWith('http.') ? Number(outcome.code.slice('http.'.length)) : 200,
    headers: { 'content-type': 'application/json' },
    // Made only for those who ask: it costs more than all the rest.
    get body() {
      return replyJson(resultOf(outcome))
    },
    timings: { phases: { firstByte: firstByteMs - sentMs, total: doneMs - sentMs } },
  }
}

const isWithoutAnswer = (code: string): boolean => code.startsWith('transport.') || code === 'stopped'

const resultOf = (outcome: Outcome): unknown =>
  outcome.ok ? outcome.result : (outcome.result ?? { error: { code: outcome.code, message: outcome.message } })
