import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextMove, type SearchMove, type SearchOptions, type SearchStep } from './load-search.ts'

const clients: SearchOptions = { least: 1, most: 1000, step: 1 }

/** Follows a search to its end on a target whose strain at each load is known. */
function search(
  strainAt: (load: number, count: number) => number,
  options: SearchOptions = clients,
): { readonly end: SearchMove; readonly loads: readonly number[] } {
  const steps: SearchStep[] = []
  for (let count = 0; count < 100; count += 1) {
    const move = nextMove(steps, options)
    if (move.type === 'found' || move.type === 'none') return { end: move, loads: steps.map(({ level }) => level.load) }
    const strain = strainAt(move.load, count)
    steps.push({ type: move.type, level: { load: move.load, strain, windows: [{ strain }] } })
  }
  throw new Error('the search does not end')
}

test('doubles, halves the gap, and confirms twice', () => {
  const { end, loads } = search((load) => load / 40)
  expect(loads).toEqual([1, 2, 4, 8, 16, 32, 64, 48, 40, 44, 42, 40, 40])
  expect(end).toMatchObject({ type: 'found', load: 40, broken: { load: 42 } })
})

test('a load that fails its confirmation counts as broken, and a lower one is sought', () => {
  let asked = 0
  const { end } = search((load) => {
    if (load === 40) asked += 1
    return load === 40 && asked > 1 ? 1.1 : load / 40
  })
  expect(end).toMatchObject({ type: 'found', load: 39, broken: { load: 40 } })
})

test('a target that keeps the SLO under all that may be tried says so', () => {
  const { end, loads } = search(() => 0.5, { ...clients, most: 20 })
  expect(loads).toEqual([1, 2, 4, 8, 16, 20, 20, 20])
  expect(end).toEqual({ type: 'found', load: 20, broken: undefined })
})

test('a target that breaks it under the least load says that', () => {
  expect(search(() => 3).end).toMatchObject({ type: 'none', broken: { load: 1 } })
})

test('a search that began too high goes down', () => {
  const { end, loads } = search((load) => load / 3, { ...clients, start: 16 })
  expect(loads).toEqual([16, 8, 4, 2, 3, 3, 3])
  expect(end).toMatchObject({ type: 'found', load: 3, broken: { load: 4 } })
  expect(search(() => 3, { ...clients, start: 16 }).end).toMatchObject({ type: 'none', broken: { load: 1 } })
  expect(search(() => 0.5, { least: 0.1, start: 1, most: 0.5, step: 0.1 }).loads).toEqual([0.5, 0.5, 0.5])
})

describe('rates', () => {
  test('have fractions', () => {
    const { end } = search((load) => load / 0.83, { least: 0.1, most: 100, step: 0.01 })
    expect(end.type).toBe('found')
    expect((end.type === 'found' ? end.load : 0) / 0.83).toBeGreaterThan(0.95)
  })
})

test('finds any limit to within the resolution, in few steps', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0.02, max: 0.3, noNaN: true }), (limit, resolution) => {
      const { end, loads } = search((load) => load / limit, { least: 1, most: 100_000, step: 1, resolution })
      const found = end.type === 'found' ? end.load : 0
      expect(found).toBeLessThanOrEqual(limit)
      expect(found).toBeGreaterThanOrEqual(Math.floor(limit / (1 + resolution)) - 1)
      expect(loads.length).toBeLessThan(40)
    }),
  )
})

test('ends whatever the target answers', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: 7 }), (strains) => {
      const { end, loads } = search((_load, count) => strains[count % strains.length] ?? 1, { ...clients, most: 64 })
      const times = end.type === 'found' ? loads.filter((load) => load === end.load).length : 3
      expect(times).toBeGreaterThanOrEqual(3)
    }),
  )
})
