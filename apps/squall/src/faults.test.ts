import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { disturbRun } from './test/faults/disturb-run.ts'
import { expectSound } from './test/faults/expect-sound.ts'
import { cutOff, freeze, killRedis, type FaultCase } from './test/faults/fault-cases.ts'
import { toResult } from './test/faults/fault-result.ts'

const lease = { leaseSeconds: 4, gaps: true }

test('of the arrivals that an agent which is cut off should have made, each was served, is told as dropped, or lies in a gap [D5]', async () => {
  const fault: FaultCase = { ...lease, name: 'cut off', seconds: 13, act: cutOff(6_000), kills: false }
  const run = await disturbRun({ pack: 'ramp', fault, afterMs: 2_500 })
  const result = toResult(run, 'ramp')
  expectSound({ run, result, fault })
  expect(result.inGaps, run.stderr).toBeGreaterThan(10)
  expect(result.pickupMs, run.stderr).toBeLessThan(8_000)
})

test('an agent that freezes, and a Redis that restarts after that, are gaps; all else that paced clients should have called was called and counted [D5]', async () => {
  const fault: FaultCase = {
    ...lease,
    name: 'frozen, then Redis restarted',
    seconds: 19,
    act: async (parts) => {
      await freeze(3_000)(parts)
      await delay(4_000)
      return killRedis(3_000)(parts)
    },
    kills: true,
  }
  const run = await disturbRun({ pack: 'paced', fault, afterMs: 2_500 })
  const result = toResult(run, 'paced')
  expectSound({ run, result, fault })
  expect(run.gaps.length, run.stderr).toBeGreaterThanOrEqual(3)
  expect(new Set(run.requests.map(({ epoch }) => epoch)).size, run.stderr).toBeGreaterThanOrEqual(3)
})
