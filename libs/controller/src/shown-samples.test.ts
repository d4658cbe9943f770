import type { FailureSample } from '@squall/metrics'
import { expect, test } from 'vitest'
import { ShownSamples } from './shown-samples.ts'

const sample = (code: string, message = ''): FailureSample => ({
  code,
  method: 'tools/call',
  name: 'echo',
  message,
  request: '{}',
  reply: '',
  serviceMs: 1,
})

test('the first three failed calls of each code are shown, by code, whichever generator they came from', () => {
  const shown = new ShownSamples()
  shown.add([sample('http.500', 'a'), sample('rpc.-32602', 'b')])
  shown.add([sample('http.500', 'c'), sample('http.500', 'd'), sample('http.500', 'e')])
  expect(shown.all.map(({ code, message }) => [code, message])).toEqual([
    ['http.500', 'a'],
    ['http.500', 'c'],
    ['http.500', 'd'],
    ['rpc.-32602', 'b'],
  ])
})

test('a target that invents codes without end fills no memory', () => {
  const shown = new ShownSamples()
  for (let code = 0; code < 1000; code++) shown.add([sample(`rpc.${code}`)])
  expect(shown.all).toHaveLength(50)
})
