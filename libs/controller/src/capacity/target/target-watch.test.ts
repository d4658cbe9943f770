import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { TargetWatch } from './target-watch.ts'

test('a target is read every second; readings that fail are left out; after the end no more are taken', async () => {
  const clock = new FakeClock()
  let asked = 0
  const watch = new TargetWatch(clock, async () => {
    asked += 1
    if (asked === 2) throw new Error('503')
    return `python_info 1\nprocess_cpu_seconds_total ${asked / 2}`
  })
  await clock.advance(4000)
  expect(asked).toBe(5)
  const from = clock.monotonicMs() - 4000
  expect(watch.signs(from, clock.monotonicMs(), 1)).toEqual({ cpuUse: 0.5 })
  expect(watch.signs(from, from, 1)).toEqual({})
  watch.close()
  await clock.advance(4000)
  expect([asked, clock.pendingCount]).toEqual([5, 0])
})

test('the end cuts a reading that hangs', async () => {
  const cut = Promise.withResolvers<void>()
  const watch = new TargetWatch(
    new FakeClock(),
    (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          cut.resolve()
          reject(new Error('cut'))
        })
      }),
  )
  watch.close()
  expect(watch.signs(0, 1, 1)).toEqual({})
})
