import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GeneratorRecorder, packSnapshot, RunAggregate, unpackSnapshot, type Snapshot } from './index.ts'
import { callsOf, comparable, encoded, idle, recordedCalls, snapshotOf } from './test/fixtures.ts'

const name = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('', 'tools/call', '__proto__', 'café'))
const latencies = fc.array(fc.double({ min: 0, max: 1e10, noNaN: true }), { maxLength: 40 })
const histogram = latencies.map((values) => encoded(...values))
const amount = fc.double({ min: 0, max: 1e12, noNaN: true }).map((value) => value + 0)
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const key = fc.record({ method: name, tool: name, clientKind: name, transport: name, phase: name })
const waited = fc.record({
  key,
  ok: count,
  failed: count,
  errors: fc.dictionary(name, count),
  service: histogram,
  response: histogram,
})
const series = fc
  .tuple(waited, fc.boolean())
  .map(([one, isSame]) => (isSame ? Object.assign(one, { response: one.service }) : one))
const counter = fc.constantFrom('clientsStarted', 'droppedStarts', 'bytesSent', 'strayReplies')
const snapshots: fc.Arbitrary<Snapshot> = fc.record({
  second: count,
  clients: fc.dictionary(name, amount),
  counters: fc.dictionary(counter, amount),
  series: fc.array(series, { maxLength: 8 }),
  foldedCalls: count,
  latencies: fc.dictionary(fc.constantFrom('firstEvent', 'cancellation'), histogram),
  generator: fc.record({
    cpuMs: amount,
    wallMs: amount,
    rssBytes: amount,
    eventLoopUtilization: amount,
    eventLoopDelay: histogram,
    scheduleLag: histogram,
  }),
})

/** As a stream of Redis would hand it over: somewhere within more bytes. */
function amidOthers(bytes: Uint8Array): Uint8Array {
  const more = new Uint8Array(bytes.length + 16).fill(0xff)
  more.set(bytes, 7)
  return more.subarray(7, 7 + bytes.length)
}

test('whatever a snapshot holds, it is unpacked as it was packed', () => {
  fc.assert(
    fc.property(snapshots, (snapshot) => {
      expect(unpackSnapshot(amidOthers(packSnapshot(snapshot)))).toEqual(snapshot)
    }),
  )
})

test('what generators recorded is merged to the same numbers after its way', () => {
  fc.assert(
    fc.property(recordedCalls(1, 1), (calls) => {
      const recorder = new GeneratorRecorder()
      for (const { key, serviceMs, waitedMs, errorCode } of calls)
        recorder.series(key).record(serviceMs, serviceMs + waitedMs, errorCode)
      const snapshot = recorder.takeSnapshot(0, idle)
      const [direct, travelled] = [new RunAggregate(), new RunAggregate()]
      direct.add(0, 1, 0, snapshot)
      travelled.add(0, 1, 0, unpackSnapshot(packSnapshot(snapshot)))
      expect(comparable(travelled.numbers())).toEqual(comparable(direct.numbers()))
    }),
  )
})

test('bytes that are cut off, or go on, are refused, wherever they are cut', () => {
  fc.assert(
    fc.property(snapshots, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (snapshot, share) => {
      const bytes = packSnapshot(snapshot)
      expect(() => unpackSnapshot(bytes.subarray(0, Math.floor(bytes.length * share)))).toThrow(RangeError)
      expect(() => unpackSnapshot(new Uint8Array([...bytes, 0]))).toThrow(RangeError)
    }),
  )
})

/** Some bytes of a snapshot are others. */
const spoilt = fc
  .tuple(snapshots, fc.array(fc.tuple(fc.nat(5_000), fc.nat(255)), { minLength: 1, maxLength: 6 }))
  .map(([snapshot, changes]) => {
    const bytes = packSnapshot(snapshot)
    for (const [place, value] of changes) bytes[place % bytes.length] = value
    return bytes
  })

function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

test('whoever writes other bytes gets a refusal, or a snapshot that can be merged', () => {
  const hostile = fc.oneof(spoilt, fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 400, max: 3 }))
  fc.assert(
    fc.property(hostile, (bytes) => {
      const snapshot = unlessRefused(() => unpackSnapshot(bytes))
      const aggregate = new RunAggregate()
      if (snapshot !== undefined) aggregate.add(0, 1, 0, { ...snapshot, second: 0 })
      expect(aggregate.numbers().timeline).toHaveLength(snapshot === undefined ? 0 : 1)
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['says that there are more names than bytes', [0xff, 0xff, 0xff, 0xff, 0x07]],
  ['has a name longer than all the rest', [1, 0xff, 0xff, 0xff, 0x07, 65]],
  ['counts further than numbers go', [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
  ['names a kind of client that it has no name for', [0, 0, 0, 1, 5]],
  ['names a counter that there is none of', [0, 0, 0, 0, 1, 99]],
])('a few bytes that make a snapshot which %s take no memory', (_, bytes) => {
  const before = process.memoryUsage().heapUsed
  expect(() => unpackSnapshot(new Uint8Array(bytes))).toThrow(RangeError)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000)
})

test('more bytes than a snapshot can have are not looked at', () => {
  expect(() => unpackSnapshot(new Uint8Array(9_000_000))).toThrow('9000000 bytes are too many for a snapshot')
})

test('amounts that are none are refused', () => {
  const bytes = packSnapshot(snapshotOf(0))
  const amountAt = bytes.length - 1 - 2 - 8
  new DataView(bytes.buffer).setFloat64(amountAt, Number.NaN)
  expect(() => unpackSnapshot(bytes)).toThrow('NaN is no amount')
})

const size = (one: Snapshot['series'][number]): number => packSnapshot(snapshotOf(0, { series: [one] })).length

test('of latencies that nobody waited for, the second half takes no bytes', () => {
  const waited = { ...callsOf({}, 5, 9), response: encoded(...Array.from({ length: 9 }, (_, index) => index)) }
  expect(size(callsOf({}, 5, 9))).toBe(size(waited) - waited.response.length - 1)
})
