import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { takeRows } from './take-rows.ts'

const never = new AbortController().signal

function rowsTo(count: number): number[][] {
  return Array.from({ length: count }, (_, index) => [index])
}

test('all rows are taken in order, or as many as are wanted', async () => {
  const sizes = fc.record({ rows: fc.nat(700), wanted: fc.nat(800), ahead: fc.integer({ min: 1, max: 300 }) })
  await fc.assert(
    fc.asyncProperty(sizes, async ({ rows, wanted, ahead }) => {
      const taken: unknown[] = []
      const stream = Readable.from(rowsTo(rows), { objectMode: true, highWaterMark: ahead })
      await takeRows(stream, never, (row) => taken.push(row) <= wanted)
      expect(taken).toEqual(rowsTo(Math.min(rows, wanted + 1)))
      expect(stream.destroyed).toBe(true)
    }),
    { numRuns: 60 },
  )
})

/** All rows are there at once. */
function fullStream(rows: number): Readable {
  const stream = new Readable({ objectMode: true, highWaterMark: 2 * rows, read: () => undefined })
  for (const row of [...rowsTo(rows), null]) stream.push(row)
  return stream
}

/** As the driver's: hands out more whenever it is asked, before the event loop turns. */
function eagerStream(rows: number): Readable {
  const left: (number[] | null)[] = [...rowsTo(rows), null]
  return new Readable({
    objectMode: true,
    highWaterMark: 128,
    read() {
      process.nextTick(() => {
        if (left.length > 0) this.push(left.shift())
      })
    },
  })
}

test.each([
  { manner: 'that is there', makeStream: fullStream },
  { manner: 'that comes as it is read', makeStream: eagerStream },
])('others have their turn between the rows of a long result $manner', async ({ makeStream }) => {
  let [taken, longest] = [0, 0]
  const taking = takeRows(makeStream(1024), never, () => (taken += 1) > 0)
  for (let before = 0; before < 1024; before = taken) {
    await nextTurn()
    longest = Math.max(longest, taken - before)
  }
  await taking
  expect(longest).toBeLessThanOrEqual(256)
})

test('an abort ends the taking with its reason, and nothing is taken after it', async () => {
  const canceller = new AbortController()
  const stream = new Readable({ objectMode: true, read: () => undefined })
  let taken = 0
  const taking = takeRows(stream, canceller.signal, () => (taken += 1) > 0)
  stream.push([1])
  await nextTurn()
  canceller.abort(new Error('enough'))
  stream.push([2])
  await expect(taking).rejects.toThrow('enough')
  expect([taken, stream.destroyed]).toEqual([1, true])
  await expect(takeRows(Readable.from([[1]]), canceller.signal, () => true)).rejects.toThrow('enough')
})

test('what goes wrong with a row or the stream reaches the caller, and a second error of the stream nobody', async () => {
  const bad = takeRows(Readable.from(rowsTo(3)), never, () => {
    throw new RangeError('bad row')
  })
  await expect(bad).rejects.toThrow('bad row')
  const broken = new Readable({ objectMode: true, read: () => undefined })
  const failed = takeRows(broken, never, () => true)
  broken.emit('error', new Error('lost'))
  await expect(failed).rejects.toThrow('lost')
  broken.emit('error', new Error('lost again'))
})

test('a stream that closes before its end is no whole result', async () => {
  const cut = new Readable({ objectMode: true, read: () => undefined })
  const taking = takeRows(cut, never, () => true)
  cut.destroy()
  await once(cut, 'close')
  await expect(taking).rejects.toThrow('the rows ended before the last one')
})
