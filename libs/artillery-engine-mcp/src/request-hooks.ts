import type { Context, Events, Scenario, Script } from './artillery.ts'

/** A request as Artillery's HTTP plugins want to see it. */
interface HookRequest {
  readonly name: string
  readonly url: string
  readonly method: 'POST'
  /** Plugins keep notes on the request between its hooks. */
  [note: string]: unknown
}

type Hook = (...args: readonly unknown[]) => void

const phases = ['beforeRequest', 'afterResponse', 'onError'] as const
type Phase = (typeof phases)[number]

/**
 * Calls the request hooks that plugins such as metrics-by-endpoint put on a scenario. Each MCP request shows itself as an HTTP
 * request named after its tool or method.
 */
export class RequestHooks {
  readonly #hooks: Readonly<Record<Phase, readonly Hook[]>>
  readonly #context: Context
  readonly #events: Events
  readonly #url: string

  constructor(script: Script, scenario: Scenario, events: Events, target: string) {
    const named = (phase: Phase): readonly Hook[] => [scenario[phase] ?? []].flat().flatMap((name) => hookNamed(script, name))
    this.#hooks = { beforeRequest: named('beforeRequest'), afterResponse: named('afterResponse'), onError: named('onError') }
    this.#context = { vars: { target } }
    this.#events = events
    this.#url = target
  }

  /** A request ended. */
  finished(name: string, serviceMs: number, errorCode: string | undefined): void {
    const request: HookRequest = { name, url: this.#url, method: 'POST' }
    this.#call('beforeRequest', request)
    if (errorCode === undefined || !isTransportError(errorCode))
      this.#call('afterResponse', request, toResponse(serviceMs, errorCode))
    else this.#call('onError', Object.assign(new Error(errorCode), { code: errorCode }), request)
  }

  #call(phase: Phase, ...args: readonly unknown[]): void {
    for (const hook of this.#hooks[phase]) hook(...args, this.#context, this.#events, ignoreDone)
  }
}

// A hook that answers later holds nobody up: the call it looks at is over.
const ignoreDone = (): void => undefined

function hookNamed(script: Script, name: string): readonly Hook[] {
  const hook = script.config.processor?.[name]
  // Named by a plugin or the user; functions of another signature would be their mistake, and throw where they are called.
  return typeof hook === 'function' ? [hook as Hook] : []
}

/** Without an answer there is no response to show. */
const isTransportError = (code: string): boolean => code.startsWith('transport.') || code === 'stopped'

function toResponse(serviceMs: number, errorCode: string | undefined): object {
  const status = errorCode?.startsWith('http.') ? Number(errorCode.slice('http.'.length)) : 200
  return { statusCode: status, headers: {}, timings: { phases: { firstByte: serviceMs, total: serviceMs } } }
}
