import { CodedError } from '@squall/errors'
import { packSnapshot, unpackSnapshot } from '@squall/metrics'
import { loadProtocolErrors } from './errors.ts'
import { protocolVersion } from './messages.ts'
import type { SnapshotEvent } from './snapshot-event.ts'

/** The version in front, whole numbers in four bytes each, and the snapshot. */
const headBytes = 13

/** The most common of all messages, as few bytes. */
export function packSnapshotEvent({ shard, epoch, sequence, snapshot, packed }: SnapshotEvent): Uint8Array {
  if (packed !== undefined) return packed
  const body = packSnapshot(snapshot)
  const bytes = new Uint8Array(headBytes + body.length)
  const view = new DataView(bytes.buffer)
  bytes[0] = protocolVersion
  for (const [place, value] of [shard, epoch, sequence].entries()) view.setUint32(1 + 4 * place, value)
  bytes.set(body, headBytes)
  return bytes
}

/**
 * @param bytes what `packSnapshotEvent` made; the histograms stay where they are in it.
 * @throws CodedError PROTOCOL_VERSION_MISMATCH, PROTOCOL_BAD_MESSAGE
 */
export function unpackSnapshotEvent(bytes: Uint8Array): SnapshotEvent {
  const [version] = bytes
  if (version !== undefined && version !== protocolVersion)
    throw new CodedError(loadProtocolErrors.PROTOCOL_VERSION_MISMATCH, {
      message: `numbers came in protocol version ${version}, this side speaks ${protocolVersion}`,
    })
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const [shard, epoch, sequence] = [view.getUint32(1), view.getUint32(5), view.getUint32(9)]
    return { type: 'snapshot', shard, epoch, sequence, snapshot: unpackSnapshot(bytes.subarray(headBytes)), packed: bytes }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new CodedError(loadProtocolErrors.PROTOCOL_BAD_MESSAGE, {
      message: `numbers came that cannot be read: ${cause.message}`,
      cause,
    })
  }
}
