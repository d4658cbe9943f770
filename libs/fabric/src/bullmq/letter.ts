import { packSnapshotEvent, parseFleetEvent, unpackSnapshotEvent, type FleetEvent } from '@squall/load-protocol'
import type { Seal } from './seal.ts'

/** The field of the stream that holds an event, by how it is packed: numbers are nearly all that comes, and are packed for that. */
const fields = { numbers: 'numbers', event: 'event' } as const

/** An event as it lies in a stream: the name of its field, and what is in it. */
export type Letter = readonly [field: string, bytes: Buffer]

/** @param place the key of Redis it is written to. */
export function toLetter(event: FleetEvent, seal: Seal, place: string): Letter {
  return event.type === 'snapshot'
    ? [fields.numbers, seal.closeBytes(packSnapshotEvent(event), `${place}:${fields.numbers}`)]
    : [fields.event, seal.close(event, place)]
}

/**
 * @returns undefined for an entry that holds no event.
 * @throws CodedError FABRIC_OTHER_SECRET, FABRIC_BAD_MESSAGE, PROTOCOL_BAD_MESSAGE, PROTOCOL_VERSION_MISMATCH
 */
export function fromLetter(entry: ReadonlyMap<string, Buffer>, seal: Seal, place: string): FleetEvent | undefined {
  const numbers = entry.get(fields.numbers)
  if (numbers !== undefined) return unpackSnapshotEvent(seal.openBytes(numbers, `${place}:${fields.numbers}`))
  const event = entry.get(fields.event)
  return event && parseFleetEvent(seal.open(event, place))
}
