import { expect, test } from 'vitest'
import { describeModel } from './describe-model.ts'

const closed = { type: 'closed', clients: 100, spawnRatePerSecond: 20, durationMs: 90_000 } as const
const stage = { name: '', durationMs: 30_000 }
const phase = { name: '', durationMs: 10_000, spacing: 'constant' } as const

test('clients that stay are a number and how they start', () => {
  expect(describeModel(closed)).toBe('closed: 100 clients, 20 started per second')
  expect(describeModel({ ...closed, clients: 1 })).toBe('closed: 1 client, 20 started per second')
})

test('clients that come and go are told stage by stage', () => {
  const stages = [
    { ...stage, from: 0, to: 100 },
    { ...stage, from: 100, to: 100 },
  ]
  expect(describeModel({ ...closed, stages })).toBe('closed: 0 to 100 clients for 30 s, 100 clients for 30 s')
})

test('arrivals are told phase by phase, and of very many the first', () => {
  const ramp = { ...phase, rateStart: 1, rateEnd: 2.5 }
  expect(describeModel({ type: 'open', phases: [ramp] })).toBe('open: 1 to 2.5/s for 10 s')
  const steady = { ...phase, rateStart: 1, rateEnd: 1 }
  const many = describeModel({ type: 'open', phases: Array.from({ length: 500 }, () => steady) })
  expect(many).toMatch(/^open: 1\/s for 10 s, .*, and 488 more$/)
})
