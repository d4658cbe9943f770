import type { LoadPlan } from '@squall/load-plan'
import { expect, test } from 'vitest'
import { demoPlan } from '../test/demo-plan.ts'
import { planLevel } from './level-plan.ts'

const times = { settleSeconds: 5, steadySeconds: 15 }

test('a closed level: its clients, started at once but not all in an instant, and nothing of the shape of the pack', () => {
  const stages = [{ name: 'a', durationMs: 1000, from: 0, to: 9 }]
  const model = { type: 'closed', clients: 9, spawnRatePerSecond: 4, durationMs: 1000, stages, iterationsPerClient: 3 } as const
  const scenario = {
    name: 's',
    weight: 1,
    fixedClients: 7,
    client: { clientKind: 'x' },
    flow: [],
  } as unknown as LoadPlan['scenarios'][number]
  const aborts = [{ expression: 'failed<1%', afterMs: 0 }]
  const { plan, fullFromSecond } = planLevel({ ...demoPlan, model, aborts, warmUpMs: 500, scenarios: [scenario] }, 10, times)
  expect(plan.model).toEqual({ type: 'closed', clients: 10, spawnRatePerSecond: 10 / 3, durationMs: 23_000 })
  expect(fullFromSecond).toBe(3)
  expect(plan).toMatchObject({ thresholds: [], warmUpMs: 0, scenarios: [{ name: 's', weight: 1 }] })
  expect(plan.aborts).toBeUndefined()
  expect(plan.scenarios[0]).not.toHaveProperty('fixedClients')
})

test('many clients start within ten seconds, however slowly the pack starts them', () => {
  const { plan, fullFromSecond } = planLevel(demoPlan, 1000, times)
  expect([fullFromSecond, plan.model]).toMatchObject([10, { spawnRatePerSecond: 100 }])
})

test('an open level: one rate, spaced as the pack spaces arrivals', () => {
  const phases = [{ name: 'ramp', durationMs: 1000, rateStart: 1, rateEnd: 9, spacing: 'poisson' }] as const
  const { plan, fullFromSecond } = planLevel({ ...demoPlan, model: { type: 'open', phases, maxClients: 50 } }, 2.5, times)
  expect(fullFromSecond).toBe(0)
  expect(plan.model).toEqual({
    type: 'open',
    phases: [{ name: '', durationMs: 20_000, rateStart: 2.5, rateEnd: 2.5, spacing: 'poisson' }],
    maxClients: 50,
  })
  expect(planLevel({ ...demoPlan, model: { type: 'open', phases: [] } }, 1, times).plan.model).toMatchObject({
    phases: [{ spacing: 'constant' }],
  })
})
