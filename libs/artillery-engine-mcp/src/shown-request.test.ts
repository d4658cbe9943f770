import { expect, test } from 'vitest'
import { toShownResponse } from './shown-request.ts'

const measures = { sentMs: 0, doneMs: 5, bytesSent: 1, bytesReceived: 1 }
const call = { request: { method: 'tools/call', paramsJson: '{}' }, errorCode: undefined, expect: undefined }

const bodyOf = (data: unknown): unknown =>
  toShownResponse({ ...call, outcome: { ok: true, result: { content: [], data }, ...measures } })?.body

test('the body of a response is the result, and empty where nobody could write that', () => {
  expect(bodyOf([1])).toBe('{"content":[],"data":[1]}')
  expect(bodyOf(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)))).toBe('')
})
