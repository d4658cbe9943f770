import type { JsonObject } from './call-outcome.ts'

/** What a server said without being asked for it right then. */
export interface ServerNotification {
  readonly method: string
  readonly params: JsonObject
  /** When it arrived, on the injected monotonic clock. */
  readonly atMs: number
  /** How long ago the request it belongs to was sent; absent where it belongs to none. */
  readonly sinceSentMs?: number
}

/** A request that the client gave up, and how the server took it. */
export interface Cancellation {
  readonly method: string
  /** From the decision to cancel until the server had taken note of it: accepted the notification, or closed the stream. */
  readonly latencyMs: number
}

/** Hears what happens on a connection beside its calls. Never called where nothing but calls and answers travel. */
export interface ConnectionObserver {
  onNotification?(notification: ServerNotification): void
  onCancelled?(cancellation: Cancellation): void
}
