import type { Session } from '@squall/session'
import { isObject } from '../../protocol/is-object.ts'

/** Calls in flight by session and request id, so that a client's `notifications/cancelled` finds the call it means. */
export class RunningCalls {
  readonly #bySession = new WeakMap<Session, Map<string | number, AbortController>>()

  /** @returns to be called when the call was answered. */
  start(session: Session, id: string | number, canceller: AbortController): () => void {
    const calls = this.#callsOf(session)
    calls.set(id, canceller)
    return () => {
      // A client that used an id twice at once has lost the first call's; the second's must stay.
      if (calls.get(id) === canceller) calls.delete(id)
    }
  }

  /** Cancels what a message of the client cancels; other messages are of no interest here. */
  heed(session: Session, body: unknown): void {
    if (!isObject(body) || body['method'] !== 'notifications/cancelled' || !isObject(body['params'])) return
    const id = body['params']['requestId']
    if (typeof id !== 'string' && typeof id !== 'number') return
    this.#bySession.get(session)?.get(id)?.abort(new Error('the client cancelled the call'))
  }

  #callsOf(session: Session): Map<string | number, AbortController> {
    const known = this.#bySession.get(session)
    if (known !== undefined) return known
    const calls = new Map<string | number, AbortController>()
    this.#bySession.set(session, calls)
    return calls
  }
}
