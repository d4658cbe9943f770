import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { Waits, waitUntil } from './wait-until.ts'

/** A wait that more than one may listen to. */
const until = (waits: Waits, dueMs: number, signal: AbortSignal): Promise<void> => Promise.resolve(waits.until(dueMs, signal))

/** Whether a wait is over, as of now. */
async function isOver(wait: Promise<void> | undefined): Promise<boolean> {
  const pending = Symbol('pending')
  return (await Promise.race([wait, Promise.resolve().then(() => Promise.resolve(pending))])) !== pending
}

test('a client waits until the instant, again and again, and at the end of the run no longer', async () => {
  const clock = new FakeClock()
  const waits = new Waits(clock)
  const ending = new AbortController()
  for (const dueMs of [10, 20, 30]) {
    const wait = until(waits, dueMs, ending.signal)
    await clock.advance(9)
    expect(await isOver(wait)).toBe(false)
    await clock.advance(1)
    await wait
  }
  const last = waits.until(1000, ending.signal)
  ending.abort()
  await last
  expect(clock.pendingCount).toBe(0)
  expect(waits.until(2000, ending.signal)).toBeUndefined()
})

test('what is due needs no waiting, and an abort beforehand ends it too', () => {
  const clock = new FakeClock(100)
  const waits = new Waits(clock)
  for (const wait of [waits.until(100, new AbortController().signal), waits.until(200, AbortSignal.abort())])
    expect(wait).toBeUndefined()
  expect(waitUntil(clock, 200, AbortSignal.abort())).toBeUndefined()
})

test('waits side by side each end in their own time, and all with the run', async () => {
  const clock = new FakeClock()
  const waits = new Waits(clock)
  const ending = new AbortController()
  const [short, long, longest] = [10, 20, 1000].map((dueMs) => until(waits, dueMs, ending.signal))
  await clock.advance(10)
  expect([await isOver(short), await isOver(long)]).toEqual([true, false])
  await clock.advance(10)
  await long
  ending.abort()
  await longest
  expect(clock.pendingCount).toBe(0)
})

test('a client that comes back with another signal heeds that one', async () => {
  const clock = new FakeClock()
  const waits = new Waits(clock)
  const [first, second] = [new AbortController(), new AbortController()]
  const wait = until(waits, 10, first.signal)
  await clock.advance(10)
  await wait
  const later = until(waits, 100, second.signal)
  first.abort()
  expect(await isOver(later)).toBe(false)
  second.abort()
  await later
  waits.close()
})
