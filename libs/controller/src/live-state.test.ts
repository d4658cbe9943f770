import { RunAggregate } from '@squall/metrics'
import { expect, test } from 'vitest'
import { toLiveState, type Progress } from './live-state.ts'
import { demoPlan } from './test/demo-plan.ts'
import { demoSnapshot, many } from './test/demo-snapshot.ts'

/** What is shown of two seconds, of which only the first had calls, where the last `seconds` count as recent. */
function progress(state: Progress['state'], seconds: number): Progress {
  const aggregate = new RunAggregate()
  aggregate.add(0, 1, 0, demoSnapshot(0, many(30)))
  aggregate.add(0, 1, 1, demoSnapshot(1))
  return {
    plan: demoPlan,
    state,
    nowMs: 5_000,
    isPaused: false,
    pausedMs: 0,
    recent: aggregate.recent(seconds),
    numbers: aggregate.numbers(),
  }
}

test('before its start a run has taken no time', () => {
  expect(toLiveState(progress({ type: 'preparing' }, 5))).toMatchObject({ phase: 'starting', elapsedSeconds: 0 })
  expect(toLiveState(progress({ type: 'waiting', startAtMs: 9_000 }, 5))).toMatchObject({ phase: 'starting', elapsedSeconds: 0 })
})

test('a tool that was not called of late is still there, with what it was called before', () => {
  const { tools } = toLiveState(progress({ type: 'running', startAtMs: 1_000 }, 1))
  expect(tools).toEqual([{ tool: 'echo', calls: 30, failed: 0, callsPerSecond: 0, p50: null, p95: null, p99: null }])
})

test('a tool that was called in the warm-up alone shows its rate, and no calls of the run', () => {
  const shown = progress({ type: 'running', startAtMs: 1_000 }, 5)
  const { tools } = toLiveState({ ...shown, numbers: new RunAggregate().numbers() })
  expect(tools).toMatchObject([{ tool: 'echo', calls: 0, failed: 0, callsPerSecond: 15 }])
})

test.each([
  ['finishing calls', { type: 'draining', startAtMs: 1_000, stoppedAtMs: 4_000, why: 'stopped' }],
  ['writing the report', { type: 'finalising', startAtMs: 1_000, stoppedAtMs: 4_000, endedAtMs: 4_500, why: 'stopped' }],
  ['writing the report', { type: 'done', why: 'complete' }],
] satisfies [string, Progress['state']][])('a run that is over is %s', (phase, state) => {
  expect(toLiveState(progress(state, 5)).phase).toBe(phase)
})
