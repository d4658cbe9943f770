import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import type { FakeClock } from '@squall/time'
import { expect, onTestFinished, test } from 'vitest'
import {
  limitKinds,
  onServer,
  searchSimulated,
  truthOf,
  type SearchChanges,
  type SimulatedSearch,
} from '../test/simulated-search.ts'
import type { SimulatedLimits } from '../test/simulated-server.ts'
import { createSimulatedFabric } from '../test/simulated-fabric.ts'
import { many } from '../test/demo-snapshot.ts'

const search = (
  limits: SimulatedLimits,
  changes: SearchChanges = {},
  directory = temporaryDirectory(onTestFinished),
): Promise<SimulatedSearch> => searchSimulated(onServer(limits), directory, changes)

/** The other kinds take longer, and are searched ten times each by the proof. */
const quickKinds = limitKinds.filter(({ isQuick }) => isQuick)

test.each(quickKinds)('a server whose capacity is known: $name [C1]', async ({ limits, expected }) => {
  const truth = truthOf(limits, expected)
  const { capacity } = await search(limits)
  expect(capacity.verdict).toBe('found')
  const { load = 0, interval = [0, 0] } = capacity.maximum ?? {}
  expect(Math.abs(load - truth) / truth, `found ${load}`).toBeLessThanOrEqual(0.1)
  expect(interval[0], `truth ${truth}`).toBeLessThanOrEqual(truth)
  expect(interval[1], `truth ${truth}`).toBeGreaterThanOrEqual(truth)
})

test('the report says how the curve bends, and that the measurement agrees with itself [C2]', async () => {
  const { capacity, events } = await search({ slots: 8, serviceMs: 100 })
  expect(capacity.knee?.clients).toBe(8)
  expect(capacity.usl?.rSquared).toBeGreaterThan(0.9)
  expect(capacity.littlesLaw.every(({ holds }) => holds)).toBe(true)
  expect(capacity.levels.filter(({ type }) => type === 'confirm').length).toBe(2)
  expect(capacity.sentence).toMatch(
    /^The server carries \d+ clients \(\d+ calls a second\) at p95<400ms, failed<1%, with 95 % confidence/,
  )
  expect(capacity.sentence).toMatch(/For 100 clients with 30 % of headroom run \d instances\.$/)
  expect(events.filter(({ type }) => type === 'started').length).toBe(capacity.levels.length)
})

test('a hopeless level does not cost its whole time', async () => {
  const { capacity } = await search({ slots: 1000, serviceMs: 100, cliffAt: 3, cliffFactor: 30 })
  const cut = capacity.levels.find(({ load }) => load === 4)
  expect(cut).toMatchObject({ wasCut: true, meetsSlo: false })
  expect(capacity.maximum?.load).toBe(3)
})

/** Clients that call once in so many seconds, on a server that takes longer from the ninth on. */
const pausing = (everySeconds: number, clock: FakeClock) =>
  createSimulatedFabric(clock, ({ model }, seconds) => {
    const clients = model.type === 'closed' ? model.clients : 0
    const upTo = (second: number): number => Math.floor((clients * second) / everySeconds)
    const call = { ms: 100 * Math.max(1, clients / 8) }
    return Array.from({ length: seconds }, (_, second) => many(upTo(second + 1) - upTo(second), call))
  })

test('seconds in which clients pause are no sign of a server that stands still', async () => {
  const { capacity } = await searchSimulated((clock) => pausing(6, clock), temporaryDirectory(onTestFinished))
  expect(capacity).toMatchObject({ verdict: 'found', maximum: { load: 31 } })
  expect(capacity.maximum?.interval[0]).toBeGreaterThan(25)
  expect(capacity.levels.filter(({ wasCut }) => wasCut)).toEqual([])
})

/** A server that stands still for so long once there are three clients. */
const freezing = (fromSecond: number, toSecond: number, clock: FakeClock) =>
  createSimulatedFabric(clock, ({ model }, seconds) => {
    const clients = model.type === 'closed' ? model.clients : 0
    const isStill = (second: number): boolean => clients > 2 && second >= fromSecond && second < toSecond
    return Array.from({ length: seconds }, (_, second) => many(isStill(second) ? 0 : clients * 10, { ms: 100 }))
  })

test('a level in which the server stands still is given up, and counts as broken whatever went before', async () => {
  const { capacity } = await searchSimulated((clock) => freezing(5, 1000, clock), temporaryDirectory(onTestFinished))
  const frozen = capacity.levels.find(({ load }) => load === 4)
  expect(frozen).toMatchObject({ wasCut: true, meetsSlo: false })
  expect(frozen?.steadySeconds).toBeLessThan(13)
  expect(capacity.maximum?.load).toBe(2)
})

test('a server that catches its breath for some seconds is not given up', async () => {
  const { capacity } = await searchSimulated((clock) => freezing(5, 9, clock), temporaryDirectory(onTestFinished), { most: 4 })
  expect(capacity.levels.filter(({ wasCut }) => wasCut)).toEqual([])
  expect(capacity.maximum).toMatchObject({ load: 4, isAtLeast: true })
})

test('levels of an earlier search are gone from a directory that is used again', async () => {
  const directory = temporaryDirectory(onTestFinished)
  await search({ slots: 1000, serviceMs: 100 }, { most: 4 }, directory)
  expect(readdirSync(join(directory, 'levels')).length).toBe(5)
  await search({ slots: 1, serviceMs: 900 }, {}, directory)
  expect(readdirSync(join(directory, 'levels'))).toEqual(['01-measure-1'])
})

test('clients that pause for longer than a level lasts leave nothing to judge a server by', async () => {
  const { capacity } = await searchSimulated((clock) => pausing(1000, clock), temporaryDirectory(onTestFinished))
  expect(capacity).toMatchObject({ verdict: 'inconclusive', maximum: null })
  expect(capacity.reasons).toEqual([
    'no call was answered while 1 client was there; where clients pause for so long, hold levels for longer (--steady)',
  ])
})

test('what is known of the target names the cause', async () => {
  const metrics =
    'mcp_connection_pool_leased 8\nmcp_connection_pool_max 8\nmcp_event_loop_active_seconds_total 1\nmcp_event_loop_idle_seconds_total 9\n'
  const { capacity } = await search({ slots: 8, serviceMs: 100 }, { metrics })
  expect(capacity.levels.at(-1)?.target).toMatchObject({ poolUse: 1, poolSize: 8 })
  expect(capacity.bound.by).toBe('unknown')
})

test('a server that answers nothing but errors is told by them', async () => {
  const { capacity } = await searchSimulated(
    (clock) =>
      createSimulatedFabric(clock, (_, seconds) => Array.from({ length: seconds }, () => many(3, { error: 'http.500' }))),
    temporaryDirectory(onTestFinished),
  )
  expect(capacity).toMatchObject({ verdict: 'not-found', maximum: null })
  expect(capacity.reasons.join()).toMatch(/^even 1 client breaks the SLO,calls failed there: http\.500 \d+$/)
})

test('even one client is too many', async () => {
  const { capacity } = await search({ slots: 1, serviceMs: 900 })
  expect(capacity).toMatchObject({ verdict: 'not-found', maximum: null, reasons: ['even 1 client breaks the SLO'] })
})

test('a server without a limit within reach carries at least the most that may be tried', async () => {
  const { capacity } = await search({ slots: 1000, serviceMs: 100 }, { most: 20 })
  expect(capacity.maximum).toMatchObject({ load: 20, isAtLeast: true })
  expect(capacity.reasons).toEqual(['no limit was found: even 20 clients keep the SLO, and no more were to be tried'])
  expect(capacity.sentence).toMatch(/^The server carries at least 20 clients .* run at most 7 instances\.$/)
})

test('a target that is gone in mid-search does not take along what was found before', async () => {
  const { capacity } = await search({ slots: 8, serviceMs: 100 }, { lostAfter: 3 })
  expect(capacity).toMatchObject({ verdict: 'inconclusive', maximum: { load: 4, isAtLeast: true }, bound: { by: 'unknown' } })
  expect(capacity.reasons.join()).toMatch(/^the search ended before it was over: .* cannot be reached: connect ECONNREFUSED$/)
  await expect(search({ slots: 8, serviceMs: 100 }, { lostAfter: 0 })).rejects.toMatchObject({
    code: 'CONTROLLER_TARGET_UNREACHABLE',
  })
})

test('a user who stops gets what was found so far', async () => {
  const { capacity } = await search({ slots: 8, serviceMs: 100 }, { stopAfter: 5 })
  expect(capacity.verdict).toBe('inconclusive')
  expect(capacity.reasons).toEqual(['stopped by the user before the search was over'])
  expect(capacity.maximum?.isAtLeast).toBe(true)
})
