import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StatementResult, WireRow } from '../../engine/engine.ts'
import { defaultLimits } from '../limits.ts'
import { ServedResult } from './served-result.ts'

/** A result whose rows come in batches of the given sizes. */
function resultOf(batchSizes: readonly number[], rowCount = batchSizes.reduce((sum, size) => sum + size, 0)) {
  let isClosed = false
  function* batches(): Generator<readonly WireRow[]> {
    let next = 0
    try {
      for (const size of batchSizes) yield Array.from({ length: size }, () => [String(next++), null])
    } finally {
      isClosed = true
    }
  }
  const result: StatementResult = { statementTypeId: 0x1000, columns: [], rowCount, batches }
  return { result, isClosed: () => isClosed }
}

const open = (result: StatementResult, inlineRows: number, chunkRows: number): ServedResult =>
  ServedResult.open(result, { ...defaultLimits, inlineRows, chunkRows })

function readChunk(served: ServedResult, index: number): unknown[] {
  const body = served.chunk(index)
  return JSON.parse(`[${gunzipSync(body ?? '').toString()}]`) as unknown[]
}

const size = fc.nat({ max: 20 })
const positive = fc.integer({ min: 1, max: 15 })

test('reply and chunks together are the rows, in order, however the engine cut them', () =>
  fc.assert(
    fc.property(fc.array(size), positive, positive, (batchSizes, inlineRows, chunkRows) => {
      const { result } = resultOf(batchSizes)
      const served = open(result, inlineRows, chunkRows)
      const chunks = served.chunkRowCounts.map((_, index) => readChunk(served, index))
      expect(chunks.map(({ length }) => length)).toEqual(served.chunkRowCounts)
      const all = [...served.inlineRows, ...chunks.flat()]
      expect(all).toEqual(Array.from({ length: result.rowCount }, (_, index) => [String(index), null]))
    }),
  ))

test('chunks can be asked for in any order, and again', () => {
  const served = open(resultOf([100]).result, 10, 30)
  const last = readChunk(served, 2)
  expect(last[0]).toEqual(['70', null])
  expect(readChunk(served, 0)).toHaveLength(30)
  expect(readChunk(served, 2)).toEqual(last)
})

test('only what is asked for is read from the engine', () => {
  let batchesRead = 0
  function* batches(): Generator<readonly WireRow[]> {
    for (; ; batchesRead++) yield [['x']]
  }
  const served = open({ statementTypeId: 0, columns: [], rowCount: 1_000_000, batches }, 10, 10)
  served.chunk(0)
  expect(batchesRead).toBeLessThan(21)
})

test('a chunk that does not exist is nothing', () => {
  const served = open(resultOf([100]).result, 10, 30)
  for (const index of [-1, 3, 0.5, Number.NaN]) expect(served.chunk(index)).toBeUndefined()
})

test('the engine is told when nobody reads on: after all rows came inline, and on release', () => {
  const small = resultOf([5])
  open(small.result, 10, 10)
  expect(small.isClosed()).toBe(true)
  const large = resultOf([50, 50])
  const served = open(large.result, 10, 10)
  expect(large.isClosed()).toBe(false)
  served.release()
  expect(large.isClosed()).toBe(true)
})

test('an engine that gives fewer rows than it promised is found out', () => {
  expect(() => open(resultOf([5], 8).result, 10, 10)).toThrow('ended 3 rows before')
  const served = open(resultOf([15], 40).result, 10, 10)
  expect(() => served.chunk(2)).toThrow('ended 5 rows before')
})
