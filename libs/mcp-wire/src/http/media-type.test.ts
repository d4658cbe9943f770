import { expect, test } from 'vitest'
import { isEventStream, isJson } from './media-type.ts'

test.each([
  ['text/event-stream', true, false],
  ['Text/Event-Stream; charset=utf-8', true, false],
  ['application/json', false, true],
  ['Application/JSON;charset=utf-8', false, true],
  ['text/html; a=text/event-stream', false, false],
  ['', false, false],
])('%s', (type, isStream, isOfJson) => expect([isEventStream(type), isJson(type)]).toEqual([isStream, isOfJson]))
