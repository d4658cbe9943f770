import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StatementResult, WireRow } from '../../engine/engine.ts'
import { defaultLimits } from '../limits.ts'
import { ServedResult } from './served-result.ts'

/** A result whose rows come in batches of the given sizes. */
function resultOf(batchSizes: readonly number[], rowCount = batchSizes.reduce((sum, size) => sum + size, 0)) {
  let isClosed = false
  async function* batches(): AsyncGenerator<readonly WireRow[]> {
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

const open = (result: StatementResult, inlineRows: number, chunkRows: number): Promise<ServedResult> =>
  ServedResult.open(result, { ...defaultLimits, inlineRows, chunkRows })

async function readChunk(served: ServedResult, index: number): Promise<unknown[]> {
  const body = await served.chunk(index)
  return JSON.parse(`[${gunzipSync(body ?? '').toString()}]`) as unknown[]
}

const size = fc.nat({ max: 20 })
const positive = fc.integer({ min: 1, max: 15 })

test('reply and chunks together are the rows, in order, however the engine cut them', () =>
  fc.assert(
    fc.asyncProperty(fc.array(size), positive, positive, async (batchSizes, inlineRows, chunkRows) => {
      const { result } = resultOf(batchSizes)
      const served = await open(result, inlineRows, chunkRows)
      const chunks = await Promise.all(served.chunkRowCounts.map((_, index) => readChunk(served, index)))
      expect(chunks.map(({ length }) => length)).toEqual(served.chunkRowCounts)
      const all = [...served.inlineRows, ...chunks.flat()]
      expect(all).toEqual(Array.from({ length: result.rowCount }, (_, index) => [String(index), null]))
    }),
  ))

test('chunks can be asked for in any order, and again', async () => {
  const served = await open(resultOf([100]).result, 10, 30)
  const last = await readChunk(served, 2)
  expect(last[0]).toEqual(['70', null])
  expect(await readChunk(served, 0)).toHaveLength(30)
  expect(await readChunk(served, 2)).toEqual(last)
})

test('only what is asked for is read from the engine', async () => {
  let batchesRead = 0
  async function* batches(): AsyncGenerator<readonly WireRow[]> {
    for (; ; batchesRead++) yield [['x']]
  }
  const served = await open({ statementTypeId: 0, columns: [], rowCount: 1_000_000, batches }, 10, 10)
  await served.chunk(0)
  expect(batchesRead).toBeLessThan(21)
})

test('a chunk that does not exist is nothing', async () => {
  const served = await open(resultOf([100]).result, 10, 30)
  for (const index of [-1, 3, 0.5, Number.NaN]) expect(served.chunk(index)).toBeUndefined()
})

test('the engine is told when nobody reads on: after all rows came inline, and on release', async () => {
  const small = resultOf([5])
  await open(small.result, 10, 10)
  expect(small.isClosed()).toBe(true)
  const large = resultOf([50, 50])
  const served = await open(large.result, 10, 10)
  expect(large.isClosed()).toBe(false)
  await served.release()
  expect(large.isClosed()).toBe(true)
})

test('an engine that gives fewer rows than it promised is found out', async () => {
  await expect(open(resultOf([5], 8).result, 10, 10)).rejects.toThrow('ended 3 rows before')
  const served = await open(resultOf([15], 40).result, 10, 10)
  await expect(served.chunk(2)).rejects.toThrow('ended 5 rows before')
})
