import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { GeneratorLease } from './generator-lease.ts'

function leased() {
  const clock = new FakeClock()
  const lease = new GeneratorLease(clock, (callback) => callback())
  const stops: number[] = []
  lease.whenExpired(() => stops.push(clock.monotonicMs()))
  const renewFor = (ms: number): void => lease.renew(clock.monotonicMs() + ms)
  return { clock, lease, stops, renewFor }
}

test('a generator that was never told may go on for ever', async () => {
  const { clock, lease } = leased()
  await clock.advance(1_000_000)
  expect(lease.hasExpired).toBe(false)
})

test('load stops when nobody renews the lease in time, once', async () => {
  const { clock, lease, stops, renewFor } = leased()
  const startMs = clock.monotonicMs()
  renewFor(1_000)
  await clock.advance(900)
  renewFor(1_000)
  await clock.advance(999)
  expect(stops).toEqual([])
  await clock.advance(1)
  expect(stops).toEqual([startMs + 1_900])
  renewFor(1_000)
  await clock.advance(2_000)
  expect({ stops: stops.length, hasExpired: lease.hasExpired }).toEqual({ stops: 1, hasExpired: true })
})

test('a process that slept through its lease stops the load before anything else that is due', () => {
  let nowMs = 0
  const due: (() => void)[] = []
  const clock = {
    monotonicMs: () => nowMs,
    wallMs: () => nowMs,
    at: (_: number, callback: () => void) => {
      due.push(callback)
      return { cancel: () => undefined }
    },
  }
  const reading: (() => void)[] = []
  const lease = new GeneratorLease(clock, (callback) => void reading.push(callback))
  const done: string[] = []
  lease.clock.at(10, () => done.push('call'))
  lease.renew(500)
  lease.whenExpired(() => done.push('stop'))
  nowMs = 10_000
  for (const callback of due) callback()
  expect(done).toEqual([])
  for (const callback of reading) callback()
  expect(done).toEqual(['stop', 'call'])
})

test('who asks late is told at once', async () => {
  const { clock, lease, renewFor } = leased()
  renewFor(10)
  await clock.advance(10)
  let isStopped = false
  lease.whenExpired(() => (isStopped = true))
  expect(isStopped).toBe(true)
})

test('a process that was merely busy finds the lease that waits for it, and goes on', () => {
  let nowMs = 0
  const due: (() => void)[] = []
  const at = (_: number, callback: () => void) => {
    due.push(callback)
    return { cancel: () => undefined }
  }
  const lease = new GeneratorLease({ monotonicMs: () => nowMs, wallMs: () => nowMs, at }, (callback) => {
    lease.renew(25_000)
    callback()
  })
  lease.renew(500)
  nowMs = 20_000
  due[0]?.()
  expect(lease.hasExpired).toBe(false)
})
