import fc from 'fast-check'
import { expect, test } from 'vitest'
import { creditsPerThousandCalls, planDeployment, whatIf } from './deployment-plan.ts'

const one = { clients: 340, callsPerSecond: 170, poolSize: 8, poolHeldSeconds: 0.05, memoryPerClientBytes: 10_000 }

test('a thousand clients with 30 % of room on instances of 340', () => {
  expect(planDeployment(one, { clients: 1000, headroom: 0.3 })).toEqual({
    clients: 1000,
    headroom: 0.3,
    instances: 4,
    poolSize: 11,
    callsPerSecond: expect.closeTo(500, 6) as number,
    memoryBytes: 3_250_000,
  })
})

test('what is not known is not made up', () => {
  const bare = { clients: 10, callsPerSecond: 5 }
  expect(planDeployment(bare, { clients: 10, headroom: 0 })).toMatchObject({ instances: 1, poolSize: null, memoryBytes: null })
  expect(planDeployment({ ...bare, poolSize: 3 }, { clients: 1, headroom: 0 })).toMatchObject({ instances: 1, poolSize: 3 })
})

test('no instance is loaded beyond what one bears, and one fewer would be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 2, noNaN: true }), (clients, headroom) => {
      const { instances } = planDeployment(one, { clients, headroom })
      expect((clients * (1 + headroom)) / instances).toBeLessThanOrEqual(one.clients * (1 + 1e-6))
      expect(instances === 1 || (clients * (1 + headroom)) / (instances - 1) > one.clients).toBe(true)
    }),
  )
})

test('a table of what if', () => {
  expect(whatIf(one, [100, 1000], [0, 0.5]).map(({ instances }) => instances)).toEqual([1, 1, 3, 5])
})

test('credits: a warehouse that is always busy costs the same for more calls, one with gaps costs by the call', () => {
  expect(creditsPerThousandCalls(1, 0.1, 100)).toBeCloseTo(1 / 360, 9)
  expect(creditsPerThousandCalls(1, 0.1, 200)).toBeCloseTo(1 / 720, 9)
  expect(creditsPerThousandCalls(2, 0.1, 1)).toBeCloseTo(2 / 36, 9)
  expect(creditsPerThousandCalls(1, 0.1, 0)).toBe(0)
})
