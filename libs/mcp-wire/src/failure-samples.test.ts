import { expect, test } from 'vitest'
import { type CallFailure, FailureSamples } from './index.ts'

const request = { method: 'tools/call', name: 'login', paramsJson: '{"name":"login","arguments":{"password":"hunter2"}}' }
const failure: CallFailure = {
  ok: false,
  code: 'http.500',
  message: 'the server answered with status 500',
  replyExcerpt: `{"token":"abc"} ${'x'.repeat(3000)}`,
  sentMs: 10,
  doneMs: 15,
  bytesSent: 1,
  bytesReceived: 2,
}

test('a failed call is shown short, and without its secrets', () => {
  const samples = new FailureSamples()
  samples.offer(request, failure, failure.code)
  const [sample] = samples.all
  expect(sample).toMatchObject({ code: 'http.500', method: 'tools/call', name: 'login', serviceMs: 5 })
  expect(sample?.request).toBe('{"name":"login","arguments":{"password":"***"}}')
  expect(sample?.reply).toMatch(/^\{"token":"\*\*\*"\} x+…$/)
  expect(sample?.reply).toHaveLength(500)
})

test('an answer that failed a check of the flow is shown as it was', () => {
  const samples = new FailureSamples()
  const { sentMs, doneMs, bytesSent, bytesReceived } = failure
  samples.offer(request, { ok: true, result: { content: [] }, sentMs, doneMs, bytesSent, bytesReceived }, 'match.failed')
  expect(samples.all).toMatchObject([{ code: 'match.failed', reply: '{"content":[]}' }])
})

test('however many calls fail, and in however many ways, only some are kept', () => {
  const samples = new FailureSamples()
  for (let call = 0; call < 1000; call++) samples.offer(request, failure, `rpc.${call % 100}`)
  expect(samples.all).toHaveLength(250)
})

test('each sample is handed on once', () => {
  const samples = new FailureSamples()
  samples.offer(request, failure, 'http.500')
  expect(samples.take()).toHaveLength(1)
  samples.offer(request, failure, 'http.503')
  expect(samples.take()).toMatchObject([{ code: 'http.503' }])
  expect(samples.take()).toEqual([])
  expect(samples.all).toHaveLength(2)
})
