import { expect, test } from 'vitest'
import { CallRecorder, furtherTools } from './call-recorder.ts'
import { MemoryRecorder } from './test/memory-recorder.ts'

test('a tool name from bad data cannot make a series for every call', () => {
  const recorder = new MemoryRecorder()
  const calls = new CallRecorder({ recorder, clientKind: 'cursor', transport: 'streamable-http' })
  const place = { method: 'tools/call' }
  for (let index = 0; index < 500; index++) calls.seriesFor(place, `tool-${index}`, 0).record(1, 1)
  const tools = new Set(recorder.calls.map(({ tool }) => tool))
  expect(tools.size).toBe(201)
  expect(tools).toContain(furtherTools)
})
