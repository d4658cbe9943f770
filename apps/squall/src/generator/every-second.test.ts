import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { everySecond } from './every-second.ts'

test('every second is reported once, when it is over', async () => {
  const clock = new FakeClock(500)
  const seconds: number[] = []
  everySecond(clock, { startAtMs: 1000, firstSecond: 0 }, (second) => seconds.push(second))
  await clock.advance(1499)
  expect(seconds).toEqual([])
  await clock.advance(1)
  expect(seconds).toEqual([0])
  await clock.advance(3000)
  expect(seconds).toEqual([0, 1, 2, 3])
})

test('what is left when load ends is reported as a second of its own', async () => {
  const clock = new FakeClock()
  const reported: number[] = []
  const seconds = everySecond(clock, { startAtMs: 0, firstSecond: 0 }, (second) => reported.push(second))
  await clock.advance(2400)
  seconds.finish()
  await clock.advance(5000)
  expect(reported).toEqual([0, 1, 2])
})

test('a moment that is left when load ends belongs to the second before', async () => {
  const clock = new FakeClock()
  const reported: number[] = []
  const seconds = everySecond(clock, { startAtMs: 0, firstSecond: 0 }, (second) => reported.push(second))
  await clock.advance(2100)
  seconds.finish()
  expect(reported).toEqual([0, 1, 1])
})

test('a run that ends before T0 still reports once', () => {
  const clock = new FakeClock()
  const reported: number[] = []
  everySecond(clock, { startAtMs: 60_000, firstSecond: 0 }, (second) => reported.push(second)).finish()
  expect(reported).toEqual([0])
})

test('a process that slept reports what it has as of the second it fell asleep in, and not those it missed', async () => {
  let nowMs = 0
  let due: (() => void) | undefined
  const clock = {
    monotonicMs: () => nowMs,
    wallMs: () => nowMs,
    at: (_: number, callback: () => void) => ((due = callback), { cancel: () => undefined }),
  }
  const seconds: number[] = []
  everySecond(clock, { startAtMs: 0, firstSecond: 0 }, (second) => seconds.push(second))
  nowMs = 7_300
  due?.()
  nowMs = 8_000
  due?.()
  expect(seconds).toEqual([0, 7])
})

test('a share that is taken over reports its own seconds alone', async () => {
  const clock = new FakeClock(5_300)
  const seconds: number[] = []
  everySecond(clock, { startAtMs: 0, firstSecond: 6 }, (second) => seconds.push(second))
  await clock.advance(1_699)
  expect(seconds).toEqual([])
  await clock.advance(1)
  expect(seconds).toEqual([6])
})
