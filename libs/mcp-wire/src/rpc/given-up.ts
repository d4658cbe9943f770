import type { GivenUp } from '../call-table.ts'
import type { RequestId } from '../mcp-connection.ts'
import { notificationText } from './request-text.ts'

const reasons: Readonly<Record<GivenUp, string>> = {
  'transport.timeout': 'the request timed out',
  cancelled: 'the client lost interest',
  stopped: 'the client stopped',
}

const messages: Readonly<Record<GivenUp, string>> = {
  'transport.timeout': 'no whole answer in time',
  cancelled: 'cancelled before the answer, as the flow asked',
  stopped: 'the run ended before the answer',
}

/** What a call says that ends without an answer, for people. */
export const toGivenUpMessage = (why: GivenUp): string => messages[why]

/** The text that tells a server that nobody waits for an answer any more. */
export const cancelledText = (requestId: RequestId, why: GivenUp): string =>
  notificationText('notifications/cancelled', JSON.stringify({ requestId, reason: reasons[why] }))
