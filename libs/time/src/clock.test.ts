import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { FakeClock, sleep, systemClock } from './index.ts'

test('timers of a fake clock run in order of their due time, and only once time reaches them', async () => {
  const clock = new FakeClock()
  const ran: string[] = []
  clock.at(20, () => ran.push('b'))
  clock.at(10, () => ran.push('a'))
  clock.at(30, () => ran.push('c'))
  await clock.advance(20)
  expect(ran).toEqual(['a', 'b'])
  expect(clock.monotonicMs()).toBe(20)
  expect(clock.pendingCount).toBe(1)
})

test('a timer set by a timer runs within the same advance', async () => {
  const clock = new FakeClock()
  const at: number[] = []
  clock.at(5, () => clock.at(7, () => at.push(clock.monotonicMs())))
  await clock.advance(10)
  expect(at).toEqual([7])
})

test('a cancelled timer never runs', async () => {
  const clock = new FakeClock()
  let ran = false
  clock.at(5, () => (ran = true)).cancel()
  await clock.advance(10)
  expect(ran).toBe(false)
})

test('a sleep ends after its delay, on the wall clock as well', async () => {
  const clock = new FakeClock(0, 1000)
  const slept = sleep(clock, 50).then(() => clock.wallMs())
  await clock.advance(50)
  expect(await slept).toBe(1050)
})

test('an aborted sleep rejects with the reason and leaves no timer', async () => {
  const clock = new FakeClock()
  const abort = new AbortController()
  const slept = sleep(clock, 50, abort.signal)
  abort.abort(new Error('stopped'))
  await expect(slept).rejects.toThrow('stopped')
  await expect(sleep(clock, 50, abort.signal)).rejects.toThrow('stopped')
  expect(clock.pendingCount).toBe(0)
})

test('a finished sleep no longer listens to its signal', async () => {
  const clock = new FakeClock()
  const abort = new AbortController()
  const slept = sleep(clock, 5, abort.signal)
  await clock.advance(5)
  await slept
  abort.abort(new Error('late'))
  await expect(slept).resolves.toBeUndefined()
})

test('the system clock never calls back early', async () => {
  for (let round = 0; round < 20; round++) {
    const dueMs = systemClock.monotonicMs() + 1.5
    const ranMs = await new Promise<number>((resolve) => systemClock.at(dueMs, () => resolve(systemClock.monotonicMs())))
    expect(ranMs).toBeGreaterThanOrEqual(dueMs)
  }
})

test('the monotonic clock is the same for all processes of a machine', () => {
  const now = 'process.stdout.write(String(Number(process.hrtime.bigint()) / 1e6))'
  const beforeMs = systemClock.monotonicMs()
  const thereMs = Number(execFileSync(process.execPath, ['-e', now], { encoding: 'utf8' }))
  expect(thereMs).toBeGreaterThan(beforeMs)
  expect(thereMs).toBeLessThan(systemClock.monotonicMs())
})

test('the system clock can forget a timer, and knows the date', async () => {
  let ran = false
  systemClock.at(systemClock.monotonicMs() + 1, () => (ran = true)).cancel()
  await sleep(systemClock, 5)
  expect(ran).toBe(false)
  expect(Math.abs(systemClock.wallMs() - Date.now())).toBeLessThan(1000)
})

test('what falls due while a process is frozen runs late, once it goes on', async () => {
  const clock = new FakeClock()
  const ran: number[] = []
  clock.at(10, () => ran.push(clock.monotonicMs()))
  clock.freeze(50)
  expect(ran).toEqual([])
  await clock.advance(0)
  expect(ran).toEqual([50])
})
