import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  clientsAtLevel,
  levelAt,
  populationChanges,
  stagesOf,
  withClients,
  type LoadStage,
  type PopulationChange,
} from './index.ts'

const whole = { index: 0, count: 1 }
const stagesArbitrary: fc.Arbitrary<LoadStage[]> = fc.array(
  fc.record({
    name: fc.constant(''),
    durationMs: fc.integer({ min: 1, max: 5_000 }),
    from: fc.integer({ min: 0, max: 60 }),
    to: fc.integer({ min: 0, max: 6_000 }).map((hundredths) => hundredths / 100),
  }),
  { minLength: 1, maxLength: 5 },
)

/** Who lives at an instant, after the changes up to then. */
function livingAt(changes: readonly PopulationChange[], atMs: number): Set<number> {
  const living = new Set<number>()
  for (const { type, index, dueMs } of changes) {
    if (dueMs > atMs) break
    if (type === 'start') living.add(index)
    else living.delete(index)
  }
  return living
}

const totalMs = (stages: readonly LoadStage[]): number => stages.reduce((sum, { durationMs }) => sum + durationMs, 0)

test('clients start at the spawn rate and stay, where the plan has no shape', () => {
  const stages = stagesOf({ type: 'closed', clients: 5, spawnRatePerSecond: 4, durationMs: 2_000 })
  expect([...populationChanges(stages, whole)]).toEqual(
    [0, 250, 500, 750, 1_000].map((dueMs, index) => ({ type: 'start', index, dueMs })),
  )
})

test('a duration that is too short for all clients starts those it can', () => {
  const stages = stagesOf({ type: 'closed', clients: 1e9, spawnRatePerSecond: 2, durationMs: 2_500 })
  expect([...populationChanges(stages, whole)].map(({ dueMs }) => dueMs)).toEqual([0, 500, 1_000, 1_500, 2_000])
})

test('a falling level lets the newest clients leave first, each as the level passes it', () => {
  const stages = [
    { name: '', durationMs: 1_000, from: 3, to: 3 },
    { name: '', durationMs: 1_000, from: 2, to: 0 },
  ]
  expect([...populationChanges(stages, whole)].slice(3)).toEqual([
    { type: 'leave', index: 2, dueMs: 1_000 },
    { type: 'leave', index: 1, dueMs: 1_500 },
    { type: 'leave', index: 0, dueMs: 2_000 },
  ])
})

test('at any time the shares of a plan together have exactly the clients of its level, and none twice', () => {
  fc.assert(
    fc.property(
      stagesArbitrary,
      fc.integer({ min: 1, max: 5 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (stages, count, part) => {
        const atMs = part * totalMs(stages) * 0.999
        const shares = Array.from({ length: count }, (_, index) => [...populationChanges(stages, { index, count })])
        const living = shares.map((changes) => livingAt(changes, atMs))
        const all = living.flatMap((set) => [...set]).toSorted((a, b) => a - b)
        // An instant at which the level passes a whole number may be read either way.
        const wanted = [atMs - 0.01, atMs, atMs + 0.01].map((ms) => clientsAtLevel(levelAt(stages, Math.max(0, ms))))
        expect(wanted).toContain(all.length)
        expect(all).toEqual(Array.from(all, (_, index) => index))
        for (const [share, set] of living.entries()) for (const index of set) expect(index % count).toBe(share)
        for (const changes of shares)
          expect(changes.map(({ dueMs }) => dueMs)).toEqual(changes.map(({ dueMs }) => dueMs).toSorted((a, b) => a - b))
      },
    ),
  )
})

test('a share that is taken over begins with those who live by then, and goes on as it would have', () => {
  fc.assert(
    fc.property(stagesArbitrary, fc.double({ min: 0, max: 1, noNaN: true }), (stages, part) => {
      const fromMs = part * totalMs(stages) * 0.999
      const later = [...populationChanges(stages, whole, fromMs)]
      const sooner = [...populationChanges(stages, whole)]
      expect(later.every(({ dueMs }) => dueMs >= fromMs)).toBe(true)
      const endMs = totalMs(stages) + 1
      expect(livingAt(later, endMs)).toEqual(livingAt(sooner, endMs))
    }),
  )
})

test('a change by hand keeps what was, climbs at the spawn rate, falls at once, and lasts until the end', () => {
  fc.assert(
    fc.property(
      stagesArbitrary,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 1, max: 50 }),
      (stages, part, clients, rate) => {
        const atMs = Math.floor(part * totalMs(stages) * 0.999)
        const changed = withClients(stages, atMs, clients, rate)
        expect(totalMs(changed)).toBeCloseTo(totalMs(stages), 6)
        for (let ms = 0; ms < atMs; ms += atMs / 7) expect(levelAt(changed, ms)).toBeCloseTo(levelAt(stages, ms), 6)
        const before = clientsAtLevel(levelAt(stages, atMs))
        for (let ms = atMs; ms < totalMs(stages); ms += totalMs(stages) / 13) {
          const climbed = before + ((ms - atMs) / 1000) * rate
          expect(levelAt(changed, ms)).toBeCloseTo(Math.min(clients, climbed), 5)
        }
      },
    ),
  )
})

test('a change after the end changes nothing', () => {
  const stages = [{ name: '', durationMs: 1_000, from: 3, to: 3 }]
  expect(withClients(stages, 1_000, 9, 1)).toBe(stages)
})
