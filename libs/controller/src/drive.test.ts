import type { LoadPlan } from '@squall/load-plan'
import type { LiveState } from '@squall/report'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { drive, type EndedRun } from './drive.ts'
import { RunRecord } from './run-record.ts'
import { demoPlan } from './test/demo-plan.ts'
import { many } from './test/demo-snapshot.ts'
import { createFakeFabric, type FakeFabric } from './test/fake-fabric.ts'
import { temporaryDirectory } from './test/temporary-directory.ts'

interface Driven {
  readonly clock: FakeClock
  readonly fabric: FakeFabric
  readonly states: LiveState[]
  readonly leaving: AbortController
  readonly ended: Promise<EndedRun>
}

/** A run whose T0 is 100 ms from now. */
async function begin(plan: LoadPlan = demoPlan, leaving = new AbortController()): Promise<Driven> {
  const clock = new FakeClock()
  const fabric = createFakeFabric(clock)
  const record = new RunRecord(plan, 1, temporaryDirectory())
  const { signal } = leaving
  const run = await fabric.prepare({ runId: 'r', plan, shards: 1, signal, onEvent: (event) => record.take(event) })
  const states: LiveState[] = []
  const onProgress = (state: LiveState): void => void states.push(state)
  const ended = drive(run, { plan, clock, record, signal, onProgress, onStart: () => undefined })
  return { clock, fabric, states, leaving, ended }
}

test('a run shows each second as soon as its numbers are there', async () => {
  const { clock, fabric, states, ended } = await begin()
  await clock.advance(100)
  expect(states.map(({ phase }) => phase)).toEqual(['starting', 'running'])
  await clock.advance(1_000)
  fabric.send(0, many(30))
  await clock.advance(200)
  expect(states.at(-1)).toMatchObject({ phase: 'running', elapsedSeconds: 1.2, durationSeconds: 2, ok: 30, callsPerSecond: 30 })
  await clock.advance(1_000)
  fabric.send(1, many(3, { error: 'http.500' }))
  fabric.finish()
  expect(await ended).toEqual({ type: 'finalising', startAtMs: 100, stoppedAtMs: 2_300, endedAtMs: 2_300, why: 'complete' })
  expect(states.at(-1)).toMatchObject({ phase: 'writing the report', ok: 30, failed: 3, failuresByKind: { 'http.500': 3 } })
  expect(states.at(-1)?.tools).toMatchObject([{ tool: 'echo', calls: 33, failed: 3 }])
})

test('nothing waits any longer when a run is over', async () => {
  const { clock, fabric, ended } = await begin()
  fabric.finish()
  await ended
  expect(clock.pendingCount).toBe(0)
})

test('a user who stops a run has its calls finish for a moment', async () => {
  const { clock, fabric, leaving, states, ended } = await begin()
  await clock.advance(600)
  leaving.abort(new Error('Ctrl-C'))
  expect(fabric.stops).toEqual([800])
  expect(states.at(-1)?.phase).toBe('finishing calls')
  fabric.finish()
  expect(await ended).toMatchObject({ why: 'stopped', endedAtMs: 600 })
})

test('a run that is stopped before its first second drains like any other', async () => {
  const { fabric, ended } = await begin(demoPlan, abortedController())
  expect(fabric.stops).toEqual([800])
  fabric.finish()
  expect(await ended).toMatchObject({ why: 'stopped' })
})

test.each([
  ['closed', demoPlan, 2_000 + 1_000 + 15_000],
  [
    'open',
    {
      ...demoPlan,
      model: { type: 'open', phases: [{ name: 'p', durationMs: 5_000, rateStart: 1, rateEnd: 1, spacing: 'constant' }] },
    },
    5_000 + 1_000 + 120_000,
  ],
] satisfies [string, LoadPlan, number][])(
  'generators of a %s plan that never end are stopped at last',
  async (_, plan, longestMs) => {
    const { clock, fabric, ended } = await begin(plan)
    await clock.advance(100 + longestMs - 1)
    expect(fabric.stops).toEqual([])
    await clock.advance(1)
    expect(fabric.stops).toEqual([0])
    fabric.finish()
    expect(await ended).toMatchObject({ why: 'overdue' })
  },
)

test('the warm-up is told from the rest', async () => {
  const { clock, fabric, states, ended } = await begin({ ...demoPlan, warmUpMs: 1_000 })
  await clock.advance(200)
  expect(states.at(-1)?.phase).toBe('warming up')
  await clock.advance(1_500)
  expect(states.at(-1)?.phase).toBe('running')
  fabric.finish()
  await ended
})

function abortedController(): AbortController {
  const controller = new AbortController()
  controller.abort(new Error('Ctrl-C'))
  return controller
}
