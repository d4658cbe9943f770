import type { CallObserver, ObservedCall } from '@squall/virtual-client'
import type { Context, Events, HookName } from './artillery.ts'
import { callHook, type HookPatience } from './hook.ts'
import type { ScenarioHooks } from './scenario-hooks.ts'
import { toShownRequest, toShownResponse } from './shown-request.ts'

export interface UserHooksOptions {
  readonly hooks: ScenarioHooks
  readonly events: Events
  readonly target: string
  readonly patience: HookPatience
}

/**
 * Lets hooks look at one virtual user. Each MCP call shows itself as an HTTP request named after its tool or method, once it is over.
 * As with Artillery's own engines a hook that fails ends its virtual user: no further call is begun.
 */
export class UserHooks implements CallObserver {
  readonly #options: UserHooksOptions
  readonly #context: Context
  readonly #ending = new AbortController()
  #failure: Error | undefined

  constructor(context: Context, options: UserHooksOptions) {
    this.#context = context
    this.#options = options
  }

  /** Aborts when a hook failed. */
  get ending(): AbortSignal {
    return this.#ending.signal
  }

  /** The first failure of a hook. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** Calls `beforeScenario` or `afterScenario`. Never rejects. */
  async reach(moment: 'beforeScenario' | 'afterScenario'): Promise<void> {
    await this.#guard(() => this.#call(moment, []))
  }

  callEnded(call: ObservedCall): Promise<void> | undefined {
    const { beforeRequest, afterResponse, onError } = this.#options.hooks
    return beforeRequest.length + afterResponse.length + onError.length === 0 ? undefined : this.#show(call)
  }

  async #show(call: ObservedCall): Promise<void> {
    const request = toShownRequest(call, this.#options.target)
    const response = toShownResponse(call)
    await this.#guard(async () => {
      await this.#call('beforeRequest', [request])
      if (response) await this.#call('afterResponse', [request, response])
    }, request)
    if (response === undefined) await this.#guard(() => this.#tellError(codedError(call.errorCode), request))
  }

  /** Runs hooks; the first that fails is counted, told to `onError`, and ends this user. */
  async #guard(run: () => Promise<void>, request?: object): Promise<void> {
    try {
      await run()
    } catch (thrown) {
      // `callHook` throws nothing else.
      const error = thrown as Error & { readonly code?: unknown }
      this.#options.events.emit('error', typeof error.code === 'string' ? error.code : error.message)
      this.#failure ??= error
      this.#ending.abort()
      // A failure of those who are told of failures has nobody left to be told to.
      if (request) await this.#tellError(error, request).catch(() => undefined)
    }
  }

  #tellError(error: Error, request: object): Promise<void> {
    return this.#call('onError', [error, request])
  }

  async #call(name: HookName, args: readonly unknown[]): Promise<void> {
    const { hooks, events, patience } = this.#options
    for (const hook of hooks[name]) await callHook(hook, [...args, this.#context, events], patience)
  }
}

const codedError = (code = 'transport.error'): Error => Object.assign(new Error(code), { code })
