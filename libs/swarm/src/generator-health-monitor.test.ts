import { expect, test } from 'vitest'
import { LatencyHistogram, type EncodedHistogram } from '@squall/metrics'
import { FakeClock, systemClock } from '@squall/time'
import { GeneratorHealthMonitor, type ProcessMeter } from './index.ts'

const decoded = (encoded: EncodedHistogram): LatencyHistogram => {
  const histogram = new LatencyHistogram()
  histogram.mergeEncoded(encoded)
  return histogram
}

const meterOf = (values: { cpuMs: number; busyMs: number; rssBytes: number }): ProcessMeter => ({
  cpuMs: () => values.cpuMs,
  eventLoopBusyMs: () => values.busyMs,
  rssBytes: () => values.rssBytes,
})

test('each reading covers the time since the one before', async () => {
  const clock = new FakeClock()
  const values = { cpuMs: 500, busyMs: 700, rssBytes: 1_000 }
  const monitor = new GeneratorHealthMonitor(clock, meterOf(values))
  await clock.advance(1_000)
  Object.assign(values, { cpuMs: 800, busyMs: 1_100, rssBytes: 2_000 })
  expect(monitor.take()).toMatchObject({ wallMs: 1_000, cpuMs: 300, eventLoopUtilization: 0.4, rssBytes: 2_000 })
  await clock.advance(500)
  Object.assign(values, { cpuMs: 900, busyMs: 1_700 })
  expect(monitor.take()).toMatchObject({ wallMs: 500, cpuMs: 100, eventLoopUtilization: 1 })
  expect(monitor.take()).toMatchObject({ wallMs: 0, eventLoopUtilization: 0 })
  monitor.stop()
  expect(clock.pendingCount).toBe(0)
})

test('an idle event loop shows no delay', async () => {
  const clock = new FakeClock()
  const monitor = new GeneratorHealthMonitor(clock, meterOf({ cpuMs: 0, busyMs: 0, rssBytes: 0 }))
  await clock.advance(1_000)
  const delay = decoded(monitor.take().eventLoopDelay)
  expect([delay.count, delay.maxMs]).toEqual([100, 0])
})

test('a blocked event loop counts with every sample that would have been due in it', async () => {
  const clock = new FakeClock()
  const monitor = new GeneratorHealthMonitor(clock, meterOf({ cpuMs: 0, busyMs: 0, rssBytes: 0 }))
  await clock.advance(700)
  clock.freeze(300)
  // The block lasts over the reading, and must not get lost with it.
  expect(decoded(monitor.take().eventLoopDelay).maxMs).toBe(0)
  await clock.advance(700)
  const delay = decoded(monitor.take().eventLoopDelay)
  expect(delay.maxMs).toBe(290)
  expect(delay.count).toBe(100)
  expect(delay.quantileMs(0.9)).toBeGreaterThan(180)
})

test('this process can be read', () => {
  const monitor = new GeneratorHealthMonitor(systemClock)
  const untilMs = systemClock.monotonicMs() + 30
  while (systemClock.monotonicMs() < untilMs);
  const health = monitor.take()
  monitor.stop()
  expect(health.cpuMs).toBeGreaterThan(0)
  expect(health.rssBytes).toBeGreaterThan(10_000_000)
  expect(health.eventLoopUtilization).toBeGreaterThan(0)
})
