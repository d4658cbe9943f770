import { GeneratorRecorder, LatencyHistogram } from '@squall/metrics'
import { expect, test } from 'vitest'
import { packSnapshotEvent, protocolVersion, unpackSnapshotEvent, type SnapshotEvent } from './index.ts'

const eventLoopDelay = new LatencyHistogram().encode()
const health = { cpuMs: 1, wallMs: 1_000, rssBytes: 1, eventLoopUtilization: 0, eventLoopDelay }
const recorder = new GeneratorRecorder()
recorder
  .series({ method: 'tools/call', tool: 'echo', clientKind: 'cursor', transport: 'stdio', phase: '' })
  .record(5, 6, 'tool.is_error')
const event: SnapshotEvent = {
  type: 'snapshot',
  shard: 70_000,
  epoch: 3,
  sequence: 100_000,
  snapshot: recorder.takeSnapshot(7, health),
}

test('a snapshot comes with its shard, its epoch and its number as they were sent', () => {
  const packed = packSnapshotEvent(event)
  const unpacked = unpackSnapshotEvent(packed)
  expect(unpacked).toEqual({ ...event, packed })
  expect(packSnapshotEvent(unpacked)).toBe(packed)
})

test('numbers in another version are told as that, and not read', () => {
  const bytes = packSnapshotEvent(event)
  bytes[0] = protocolVersion + 1
  expect(() => unpackSnapshotEvent(bytes)).toThrow(
    expect.objectContaining({
      code: 'PROTOCOL_VERSION_MISMATCH',
      message: `numbers came in protocol version ${protocolVersion + 1}, this side speaks ${protocolVersion}`,
    }) as Error,
  )
})

test.each([0, 1, 5, 12, 13, 40])('of numbers that end after %s bytes it is said that they cannot be read', (length) => {
  expect(() => unpackSnapshotEvent(packSnapshotEvent(event).subarray(0, length))).toThrow(
    expect.objectContaining({
      code: 'PROTOCOL_BAD_MESSAGE',
      message: expect.stringMatching(/^numbers came that cannot be read: /) as string,
    }) as Error,
  )
})
