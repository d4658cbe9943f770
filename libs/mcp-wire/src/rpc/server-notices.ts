import type { Clock } from '@squall/time'
import type { CallTable } from '../call-table.ts'
import type { ConnectionObserver } from '../connection-observer.ts'
import type { PendingCall } from '../pending-call.ts'
import type { ServerMessage } from './message.ts'

export interface NoticeParts {
  readonly clock: Clock
  readonly observer: ConnectionObserver | undefined
  readonly table: CallTable
}

/**
 * Notes what a server says of its own accord, and of which call it speaks: progress names its request.
 * @param from the call on whose own stream it came.
 */
export function noteNotice(
  { method, params }: ServerMessage & { readonly kind: 'notification' },
  { clock, observer, table }: NoticeParts,
  from?: PendingCall,
): void {
  const call = from ?? table.find(params['progressToken'])
  const atMs = clock.monotonicMs()
  call?.heardOf(atMs)
  observer?.onNotification?.({ method, params, atMs, ...(call && { sinceSentMs: atMs - call.sentMs }) })
}
