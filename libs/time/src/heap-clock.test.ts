import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DueHeap, FakeClock, HeapClock, sleep } from './index.ts'

test('entries leave a heap by due time, and those of one instant in the order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (dueTimes) => {
      const heap = new DueHeap<number>()
      dueTimes.forEach((dueMs, index) => heap.add(dueMs, index))
      const left = Array.from({ length: dueTimes.length }, () => heap.takeFirst()?.value)
      const expected = dueTimes.map((dueMs, index) => ({ dueMs, index })).toSorted((a, b) => a.dueMs - b.dueMs)
      expect(left).toEqual(expected.map(({ index }) => index))
      expect(heap.takeFirst()).toBeUndefined()
    }),
  )
})

test('a removed entry is gone at once, wherever it stood, and removing it again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean())), (entries) => {
      const heap = new DueHeap<number>()
      const added = entries.map(([dueMs], index) => heap.add(dueMs, index))
      const removed = added.filter((_, index) => entries[index]?.[1])
      for (const entry of [...removed, ...removed]) heap.remove(entry)
      const kept = entries.flatMap(([dueMs, isRemoved]) => (isRemoved ? [] : [dueMs]))
      expect(heap.size).toBe(kept.length)
      expect(Array.from({ length: kept.length }, () => heap.takeFirst()?.dueMs)).toEqual(kept.toSorted((a, b) => a - b))
    }),
  )
})

test('ten thousand timers need a single one on the clock beneath, and run in order, none early', async () => {
  const beneath = new FakeClock()
  const clock = new HeapClock(beneath)
  const lateness: number[] = []
  for (let index = 0; index < 10_000; index++) {
    const dueMs = (index * 7919) % 1000
    clock.at(dueMs, () => lateness.push(clock.monotonicMs() - dueMs))
  }
  expect(beneath.pendingCount).toBe(1)
  await beneath.advance(1000)
  expect(lateness).toHaveLength(10_000)
  expect(lateness.every((late) => late === 0)).toBe(true)
  expect(beneath.pendingCount).toBe(0)
})

test('a timer that is set later but falls due sooner runs first', async () => {
  const beneath = new FakeClock()
  const clock = new HeapClock(beneath)
  const ran: string[] = []
  clock.at(20, () => ran.push('later'))
  clock.at(10, () => ran.push('sooner'))
  await beneath.advance(30)
  expect(ran).toEqual(['sooner', 'later'])
})

test('cancelling the last timer leaves none on the clock beneath', () => {
  const beneath = new FakeClock()
  const clock = new HeapClock(beneath)
  clock.at(10, () => undefined).cancel()
  expect([clock.pendingCount, beneath.pendingCount]).toEqual([0, 0])
})

test('a stopped clock stands still, and goes on from there with all its timers later by the stop', async () => {
  const beneath = new FakeClock()
  const clock = new HeapClock(beneath)
  const ran: number[] = []
  clock.at(100, () => ran.push(beneath.monotonicMs()))
  await beneath.advance(40)
  clock.stop()
  clock.stop()
  await beneath.advance(1000)
  expect([clock.monotonicMs(), clock.behindMs, clock.isStopped, ran.length]).toEqual([40, 1000, true, 0])
  clock.start()
  clock.start()
  await beneath.advance(60)
  expect(ran).toEqual([1100])
  expect([clock.monotonicMs(), clock.behindMs, clock.isStopped]).toEqual([100, 1000, false])
})

test('a timer set on a stopped clock waits for the start', async () => {
  const beneath = new FakeClock()
  const clock = new HeapClock(beneath)
  clock.stop()
  const slept = sleep(clock, 5).then(() => beneath.monotonicMs())
  await beneath.advance(50)
  clock.start()
  await beneath.advance(5)
  expect(await slept).toBe(55)
})

test('what is due can be run at once, without waiting for the timer', () => {
  let nowMs = 0
  const beneath = { monotonicMs: () => nowMs, wallMs: () => 0, at: () => ({ cancel: () => undefined }) }
  const clock = new HeapClock(beneath)
  let runs = 0
  clock.at(10, () => runs++)
  clock.runDue()
  expect(runs).toBe(0)
  nowMs = 10
  clock.runDue()
  clock.runDue()
  expect(runs).toBe(1)
})

test('a callback that throws does not keep the other timers from running', async () => {
  const beneath = new FakeClock()
  const clock = new HeapClock(beneath)
  let ran = false
  clock.at(10, () => {
    throw new Error('broken callback')
  })
  clock.at(10, () => (ran = true))
  await expect(beneath.advance(10)).rejects.toThrow('broken callback')
  await beneath.advance(10)
  expect(ran).toBe(true)
})

test('rounding never makes a stopped and started clock miss a timer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      async (stopMs, dueMs) => {
        const beneath = new FakeClock()
        const clock = new HeapClock(beneath)
        clock.stop()
        await beneath.advance(stopMs)
        clock.start()
        let ran = false
        clock.at(dueMs, () => (ran = true))
        await beneath.advance(dueMs + 1)
        expect(ran).toBe(true)
      },
    ),
    { numRuns: 50 },
  )
})

test('the date is that of the clock beneath', () => {
  const beneath = new FakeClock(0, 5000)
  expect(new HeapClock(beneath).wallMs()).toBe(5000)
})

test('a stop that comes late goes back to its instant, and a late start too: the stop lasts as long as it was meant to', async () => {
  const beneath = new FakeClock()
  const clock = new HeapClock(beneath)
  await beneath.advance(110)
  clock.stop(100)
  expect([clock.monotonicMs(), clock.behindMs]).toEqual([100, 10])
  await beneath.advance(500)
  clock.start(600)
  expect([clock.monotonicMs(), clock.behindMs]).toEqual([110, 500])
})
