/** Callbacks of one signal, called once each when it aborts. */
const callbacksOf = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls back once the signal aborts; at once where it has.
 * Thousands of clients share the signal of their run: a listener each would make every other one slower to add and to
 * remove, since an event target keeps them in a list. Here the signal has a single listener, and both take constant time.
 * @returns what forgets the callback.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback()
    return () => undefined
  }
  const callbacks = callbacksOf.get(signal) ?? listenTo(signal)
  // A closure of its own for every call, so that the same function may be given twice.
  const entry = (): void => callback()
  callbacks.add(entry)
  return () => void callbacks.delete(entry)
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>()
  callbacksOf.set(signal, callbacks)
  signal.addEventListener('abort', () => callbacks.forEach((callback) => callback()), { once: true })
  return callbacks
}
