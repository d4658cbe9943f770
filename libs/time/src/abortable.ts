/** Settles as `promise` does, or rejects with the signal's reason as soon as it aborts. What `promise` does later is dropped. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    // The reason is whatever the aborter chose, an Error by convention.
    const onAbort = (): void => reject(signal.reason as Error)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    const stopListening = (): void => signal.removeEventListener('abort', onAbort)
    promise.then(resolve, reject).then(stopListening, stopListening)
  })
}
