import { describe, expect, test } from 'vitest'
import { findBound, type LevelSigns } from './bound.ts'

const signs = (load: number, more: Partial<LevelSigns> = {}): LevelSigns => ({
  load,
  serviceMs: 100 * Math.max(1, load / 10),
  turnedAwayShare: 0,
  failedShare: 0,
  ...more,
})

const boundOf = (toSigns: (load: number) => Partial<LevelSigns>) =>
  findBound(
    [40, 1, 10, 20].map((load) => signs(load, toSigns(load))),
    20,
  )

/** A pool in full use from 10 on, and a processor from elsewhere on. */
const both = (cpuFrom: number) => (load: number) => ({
  cpuUse: load >= cpuFrom ? 0.97 : 0.4,
  poolUse: load >= 10 ? 1 : 0.5,
  poolWaitMs: Math.max(0, load - 10) * 10,
})

describe('what bound it', () => {
  test('a pool in full use, whose wait is what calls took longer', () => {
    const bound = boundOf((load) => ({ poolUse: Math.min(1, load / 10), poolWaitMs: Math.max(0, load - 10) * 10, cpuUse: 0.3 }))
    expect(bound.by).toBe('pool')
    expect(bound.evidence.join()).toBe(
      "100 % of the pool's connections were in use,calls waited 100 ms for one: 100 % of what was added to a call",
    )
  })

  test('a full pool is not the cause where statements take longer behind it', () => {
    const bound = boundOf((load) => ({
      poolUse: Math.min(1, load / 10),
      poolWaitMs: Math.max(0, load - 10) * 4,
      warehouseQueueMs: Math.max(0, load - 8) * 5,
      warehouseRunMs: 50 + Math.max(0, load - 8) * 5,
    }))
    expect(bound.by).toBe('warehouse')
    expect(bound.evidence.join()).toBe(
      "statements took 110 ms of a call in the warehouse instead of 50 ms: 60 % of what was added to it,a statement waited 60 ms in the warehouse's queue",
    )
  })

  test('a processor used up before the pool is the cause, a pool used up before the processor as well', () => {
    expect(boundOf(both(1)).by).toBe('server-cpu')
    expect(boundOf(both(20)).by).toBe('pool')
  })

  test('a full pool whose wait explains little of what was added is not the cause', () => {
    expect(boundOf((load) => ({ poolUse: 1, poolWaitMs: load / 10 })).by).toBe('unknown')
    expect(boundOf(() => ({ poolUse: 1 })).by).toBe('unknown')
  })

  test('statements that were as slow before, or calls that took no longer, speak for nothing', () => {
    expect(boundOf(() => ({ warehouseRunMs: 90 })).by).toBe('unknown')
    expect(boundOf((load) => ({ serviceMs: 100, warehouseRunMs: load, poolUse: 1, poolWaitMs: load })).by).toBe('unknown')
  })

  test('a warehouse without a queue that is told of, in tenths of milliseconds where there are few', () => {
    const bound = boundOf((load) => ({ serviceMs: 10 + load / 10, warehouseRunMs: 5 + load / 10 }))
    expect(bound).toEqual({
      by: 'warehouse',
      evidence: ['statements took 7.0 ms of a call in the warehouse instead of 5.1 ms: 100 % of what was added to it'],
    })
  })

  test('of two that show from the same load on, the one that explains what was added is the cause', () => {
    expect(boundOf((load) => ({ ...both(10)(load), memoryUse: load >= 10 ? 0.95 : 0.1 })).by).toBe('pool')
  })

  test('memory', () => {
    const bound = boundOf((load) => ({ memoryUse: load / 21 }))
    expect(bound).toEqual({ by: 'server-memory', evidence: ["95 % of the server's memory was in use, from a load of 20 on"] })
  })

  test('a rate limit that answers for the failures', () => {
    const bound = boundOf((load) => ({ turnedAwayShare: load > 10 ? 0.2 : 0, failedShare: load > 10 ? 0.22 : 0, cpuUse: 0.95 }))
    expect(bound).toEqual({ by: 'rate-limit', evidence: ['20 % of calls were turned away for coming too often or too many'] })
  })

  test('a generator in trouble is named before anything else', () => {
    const bound = boundOf((load) => ({ cpuUse: 1, ...(load === 20 && { generatorTrouble: 'it used 98 % of its core' }) }))
    expect(bound).toEqual({ by: 'generator', evidence: ['it used 98 % of its core'] })
  })
})

test('not known is an answer', () => {
  expect(boundOf(() => ({}))).toEqual({ by: 'unknown', evidence: ['the target tells nothing of its resources'] })
  expect(boundOf(() => ({ cpuUse: 0.5, memoryUse: 0.2, poolUse: 0.1 })).evidence).toEqual([
    'nothing that was watched was used up: processor time 50 %, memory 20 %, pool 10 %',
  ])
  expect(findBound([], 1).by).toBe('unknown')
  expect(findBound([signs(1)], 20).evidence).toEqual(['no load was measured under which the SLO broke'])
})
