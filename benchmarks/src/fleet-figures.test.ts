import { expect, test } from 'vitest'
import { fleetFigures, toFleetFigures } from './fleet-figures.ts'
import type { FleetLook, FleetRecord, FleetSettings } from './simulate-fleet.ts'

const settings: FleetSettings = { agents: 2, seconds: 100, killAfterMs: 20_000, outageMs: 20_000 }
const startAtWallMs = 1_000_000
const megabyte = 2 ** 20
const seconds = Array.from({ length: 100 }, (_, second) => second)

const lifeOf = (second: number): 1 | 2 => (second < 20 ? 1 : 2)

/** @param lagOf of the newest snapshot that a controller shows in a second of the run. */
function recordOf(lagOf: (second: number) => number, bytesOf: (second: number) => number = () => 100): FleetRecord {
  const there = seconds.filter((second) => second < 20 || second >= 40)
  return {
    startAtWallMs,
    agents: { sent: 200, snapshotBytes: 6_000, calls: 200_000, lateMs: seconds.map(() => [3, 5]) },
    ended: { type: 'ended', merged: 200, calls: 200_000, lostSnapshots: 0, lostShardSeconds: 0, verdict: 'pass' },
    merged: there.map((second) => ({
      type: 'merged',
      life: lifeOf(second),
      atWallMs: startAtWallMs + second * 1000 + 500,
      snapshots: [[1, second - 1, lagOf(second)]],
    })),
    looks: there.map((second): FleetLook => ({
      atWallMs: startAtWallMs + second * 1000 + 500,
      life: lifeOf(second),
      controllerCpuSeconds: second * (second >= 40 && second < 60 ? 1 : 0.25),
      redisCpuSeconds: second * 0.1,
      controllerBytes: bytesOf(second) * megabyte,
      redisBytes: second * megabyte,
    })),
  }
}

test('what a controller takes is told without the outage and the catching up after it', () => {
  const figures = toFleetFigures(
    recordOf(
      (second) => (second >= 40 && second < 60 ? 30_000 : second * 10),
      (second) => (second < 90 ? 100 : 108),
    ),
    settings,
  )
  expect(figures).toMatchObject({
    'cores of Redis, steady': expect.closeTo(0.1) as number,
    [fleetFigures.lagMs]: 990,
    [fleetFigures.ownLagMs]: 985,
    's from the new controller to having caught up': 20.5,
    'MB of the second, most': 108,
    'MB of Redis, most': 99,
    [fleetFigures.growth]: 1.08,
    [fleetFigures.missing]: 0,
  })
  expect(figures[fleetFigures.cores]).toBeCloseTo(0.25)
})

test('of a controller that never caught up nothing is told of the time after that, and its lags all count', () => {
  const figures = toFleetFigures(
    recordOf((second) => (second < 40 ? 100 : 30_000)),
    settings,
  )
  expect(figures).toMatchObject({
    [fleetFigures.lagMs]: 30_000,
    's from the new controller to having caught up': Number.NaN,
    'MB of the second, last third': Number.NaN,
    [fleetFigures.growth]: Number.NaN,
  })
  expect(figures[fleetFigures.cores]).toBeCloseTo(0.25)
})

test('numbers that are missing, or were merged twice, are told', () => {
  const record = recordOf(() => 100)
  const ended = { ...record.ended, merged: 199, calls: 201_000 }
  expect(toFleetFigures({ ...record, ended }, settings)[fleetFigures.missing]).toBe(1 + 1)
})
