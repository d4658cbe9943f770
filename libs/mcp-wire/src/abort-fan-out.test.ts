import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { onAbort } from './abort-fan-out.ts'

test('however many wait on a signal, it has one listener, and all hear of its abort once', () => {
  const run = new AbortController()
  const heard: number[] = []
  const forget = Array.from({ length: 100 }, (_, index) => onAbort(run.signal, () => heard.push(index)))
  expect(getEventListeners(run.signal, 'abort')).toHaveLength(1)
  forget[7]?.()
  run.abort()
  run.abort()
  expect(heard).toHaveLength(99)
  expect(heard).not.toContain(7)
})

test('a signal that has aborted calls back at once', () => {
  let calls = 0
  onAbort(AbortSignal.abort(), () => calls++)()
  expect(calls).toBe(1)
})
