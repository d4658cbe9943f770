import { expect, test } from 'vitest'
import { abortable } from './abortable.ts'

const enough = new Error('enough')

test('what is there before the word to stop is what comes', async () => {
  await expect(abortable(Promise.resolve(1), new AbortController().signal)).resolves.toBe(1)
  await expect(abortable(Promise.reject(enough), new AbortController().signal)).rejects.toBe(enough)
})

test('the word to stop ends the wait, also where it came before', async () => {
  const stopping = new AbortController()
  const waiting = abortable(Promise.withResolvers().promise, stopping.signal)
  stopping.abort(enough)
  await expect(waiting).rejects.toBe(enough)
  await expect(abortable(Promise.withResolvers().promise, stopping.signal)).rejects.toBe(enough)
})

test('what fails after the word to stop is nobody’s trouble', async () => {
  const { promise, reject } = Promise.withResolvers()
  await expect(abortable(promise, AbortSignal.abort(enough))).rejects.toBe(enough)
  reject(new Error('late'))
  await new Promise((resolve) => setImmediate(resolve))
})
