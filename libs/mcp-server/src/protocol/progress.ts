import { isObject } from './is-object.ts'

/** How far a call has come, in the protocol's own terms: `progress` only grows. */
export interface Progress {
  readonly progress: number
  readonly total?: number
  readonly message?: string
}

export type ProgressToken = string | number

/** The token by which a client asks for progress in a request's `_meta`; undefined where it asks for none. */
export function progressTokenOf(meta: unknown): ProgressToken | undefined {
  if (!isObject(meta)) return undefined
  const { progressToken } = meta
  return typeof progressToken === 'string' || typeof progressToken === 'number' ? progressToken : undefined
}

export interface ProgressNotification {
  readonly method: 'notifications/progress'
  readonly params: Record<string, unknown>
}

export function toProgressNotification(progressToken: ProgressToken, progress: Progress): ProgressNotification {
  return { method: 'notifications/progress', params: { progressToken, ...progress } }
}

/** What a client hears of a call whose tool says nothing itself: that it is still being worked on. */
export function toBeat(elapsedMs: number): Progress {
  const seconds = Math.floor(elapsedMs / 1000)
  return { progress: seconds, message: `running for ${seconds} s` }
}
