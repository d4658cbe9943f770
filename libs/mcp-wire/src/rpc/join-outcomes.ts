import type { CallOutcome } from '../call-outcome.ts'

/** One outcome of two requests that were one call: it began with the first, and ended as the second did. */
export function joinOutcomes(first: CallOutcome, second: CallOutcome): CallOutcome {
  const firstByteMs = first.firstByteMs ?? second.firstByteMs
  const firstEventMs = first.firstEventMs ?? second.firstEventMs
  return {
    ...second,
    sentMs: first.sentMs,
    bytesSent: first.bytesSent + second.bytesSent,
    bytesReceived: first.bytesReceived + second.bytesReceived,
    ...(firstByteMs !== undefined && { firstByteMs }),
    ...(firstEventMs !== undefined && { firstEventMs }),
  }
}
