import { FakeClock } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCursor, renderCursor } from './cursor.ts'
import { ResultStore } from './result-store.ts'

const options = { maxResults: 5, maxResultsPerAccount: 3, maxSqlChars: 100, ttlMs: 1000 }
const result = (sql: string) => ({ sql, place: {} })

function setUp() {
  const clock = new FakeClock()
  return { clock, store: new ResultStore({ clock, ...options }) }
}

test('a result is its owner’s alone, and forgotten when nobody reads it', async () => {
  const { clock, store } = setUp()
  const handle = store.put('ann', result('SELECT 1'))
  expect(store.get('bob', handle)).toBeUndefined()
  await clock.advance(900)
  expect(store.get('ann', handle)).toEqual(result('SELECT 1'))
  await clock.advance(900)
  expect(store.get('ann', handle)).toBeDefined()
  await clock.advance(1000)
  expect(store.get('ann', handle)).toBeUndefined()
})

test('what is learned of a result is kept with it; of a forgotten one it is dropped', () => {
  const { store } = setUp()
  const handle = store.put('ann', result('SELECT 1'))
  store.update(handle, { ...result('SELECT 1'), queryId: 'q' })
  store.update('nobody', result('x'))
  expect(store.get('ann', handle)?.queryId).toBe('q')
  expect(store.size).toBe(1)
})

test('owners of one account push out each other’s results, and nobody else’s', () => {
  const { store } = setUp()
  const bobs = store.put('bob', result('SELECT 1'))
  const handles = ['t1', 't2', 't3', 't4'].map((token) => store.put(`ann+${token}`, result('SELECT 2'), 'ann'))
  expect(store.get('ann+t1', handles[0] ?? '')).toBeUndefined()
  expect(store.get('ann+t2', handles[1] ?? '')).toBeDefined()
  expect(store.get('ann+t3', handles[1] ?? '')).toBeUndefined()
  expect(store.get('bob', bobs)).toBeDefined()
})

test('however many results come, and however long their SQL, what is kept is bounded, and no owner loses to another’s many', () => {
  const puts = fc.array(fc.record({ owner: fc.constantFrom('ann', 'bob', 'cid'), chars: fc.nat(60) }))
  fc.assert(
    fc.property(puts, (all) => {
      const { store } = setUp()
      const handles = all.map(({ owner, chars }) => ({ owner, handle: store.put(owner, result('x'.repeat(chars))) }))
      const kept = handles.filter(({ owner, handle }) => store.get(owner, handle) !== undefined)
      expect(kept.length).toBe(store.size)
      expect(kept.length).toBeLessThanOrEqual(options.maxResults)
      for (const name of ['ann', 'bob', 'cid'])
        expect(kept.filter(({ owner }) => owner === name).length).toBeLessThanOrEqual(options.maxResultsPerAccount)
      const chars = kept.reduce((sum, { owner, handle }) => sum + (store.get(owner, handle)?.sql.length ?? 0), 0)
      expect(chars).toBeLessThanOrEqual(options.maxSqlChars)
    }),
  )
})

test('the longest unused goes first, and the newest stays', () => {
  const { store } = setUp()
  const [first, second] = [store.put('ann', result('1')), store.put('ann', result('2'))]
  store.put('ann', result('3'))
  store.get('ann', first)
  store.put('ann', result('4'))
  expect([store.get('ann', first), store.get('ann', second)]).toEqual([result('1'), undefined])
})

test('a cursor is read as it was written, and nothing else is a cursor', () => {
  const { store } = setUp()
  const cursor = { handle: store.put('ann', result('1')), row: 12 }
  expect(parseCursor(renderCursor(cursor))).toEqual(cursor)
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = parseCursor(text)
      expect(read === undefined || renderCursor(read) === text).toBe(true)
    }),
  )
})
