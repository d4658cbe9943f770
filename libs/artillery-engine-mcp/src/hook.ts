import { CodedError } from '@squall/errors'
import type { Clock, Timer } from '@squall/time'
import { isThenable } from '@squall/virtual-client'
import { engineErrors } from './errors.ts'
import { toError } from './to-error.ts'

/**
 * A function of the user's processor or of a plugin. It is done when it calls its last argument, or when the promise it returns is.
 * What else it gets depends on the hook.
 */
export type Hook = (...args: readonly unknown[]) => unknown

export interface HookPatience {
  readonly clock: Clock
  /** A hook that is not done by then has failed: a virtual user that waits for ever would keep Artillery from ending. */
  readonly limitMs: number
}

/**
 * Calls one hook and waits until it is done.
 * @throws what the hook throws, or says to its callback, as an Error; CodedError ENGINE_HOOK_TIMEOUT.
 */
export function callHook(hook: Hook, args: readonly unknown[], { clock, limitMs }: HookPatience): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: Timer | undefined
    let isDone = false
    const done = (error?: unknown): void => {
      isDone = true
      timer?.cancel()
      if (error === undefined || error === null) resolve()
      else reject(toError(error))
    }
    try {
      const returned = hook(...args, done)
      // oxlint-disable-next-line promise/no-callback-in-promise -- `done` settles this very promise
      if (isThenable(returned)) returned.then(() => done(), done)
    } catch (error) {
      done(error)
    }
    // Hooks of plugins are done by now, and need no timer.
    if (isDone) return
    const message = `${hook.name || 'a hook'} was not done after ${limitMs / 1000} s`
    timer = clock.at(clock.monotonicMs() + limitMs, () => done(new CodedError(engineErrors.ENGINE_HOOK_TIMEOUT, { message })))
  })
}
