import type { RunAgent } from '@squall/fabric'
import { LatencyHistogram } from '@squall/metrics'
import { expect, test } from 'vitest'
import { LiveAgents } from './live-agents.ts'
import { demoSnapshot } from './test/demo-snapshot.ts'

const idle: Omit<RunAgent, 'id'> = { host: 'h', workers: 2, cores: 4, shards: [], holds: [], isLost: false }

function snapshotOf(shard: number, second: number, cpuMs: number, lagMs: number) {
  const lag = new LatencyHistogram()
  lag.record(lagMs)
  const { generator, ...rest } = demoSnapshot(second)
  return {
    type: 'snapshot',
    shard,
    epoch: 1,
    sequence: second,
    snapshot: { ...rest, generator: { ...generator, cpuMs, wallMs: 1_000, scheduleLag: lag.encode() } },
  } as const
}

test('a machine shows what its generators use together, and how late the worst of them is', () => {
  const agents = new LiveAgents()
  agents.take(snapshotOf(0, 4, 600, 2))
  agents.take(snapshotOf(1, 4, 300, 40))
  agents.take(snapshotOf(2, 4, 100, 7))
  // Comes late, and is of no interest any more.
  agents.take(snapshotOf(1, 3, 999, 999))
  const [first, second] = agents.rows(
    [
      { ...idle, id: 'a', holds: [0, 1] },
      { ...idle, id: 'b', holds: [2] },
    ],
    4,
    6,
  )
  expect(first).toMatchObject({ agent: 'a', workers: 2, cores: 4, shares: 2, shareOfLoad: 0.5, state: 'working' })
  expect(first?.coresUsed).toBeCloseTo(0.9)
  expect(first?.lagMs).toBeCloseTo(40, 0)
  expect(second).toMatchObject({ shareOfLoad: 0.25, coresUsed: 0.1 })
})

test('a machine waits for a share, is silent, or is gone', () => {
  const agents = new LiveAgents()
  agents.take(snapshotOf(0, 4, 600, 2))
  const stateAt = (agent: Partial<RunAgent>, second: number): unknown =>
    agents.rows([{ ...idle, id: 'a', ...agent }], 1, second)[0]?.state
  expect(stateAt({}, 5)).toBe('waiting')
  expect(stateAt({ holds: [0] }, 7.5)).toBe('working')
  expect(stateAt({ holds: [0] }, 12)).toBe('silent for 7 s')
  expect(stateAt({ holds: [0], isLost: true }, 12)).toBe('gone')
  expect(agents.rows([{ ...idle, id: 'a' }], 1, 5)).toMatchObject([{ lagMs: null, coresUsed: 0, shareOfLoad: 0 }])
  // Nothing has been heard of a share that begins.
  expect(agents.rows([{ ...idle, id: 'a', holds: [9] }], 1, 5)).toMatchObject([{ lagMs: null, state: 'working' }])
})
