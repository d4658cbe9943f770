import { expect, test } from 'vitest'
import { nextState, type RunEvent, type RunState } from './run-state.ts'

const agreed: RunEvent = { type: 'start-agreed', startAtMs: 10 }
const started: RunEvent = { type: 'started' }
const stopAsked: RunEvent = { type: 'stop-asked', atMs: 30, why: 'stopped' }
const ended: RunEvent = { type: 'load-ended', endedAtMs: 50 }
const finalised: RunEvent = { type: 'finalised' }
const after = (...events: RunEvent[]): RunState => events.reduce<RunState>(nextState, { type: 'preparing' })

test('a run that is left alone completes', () => {
  expect(after(agreed, started)).toEqual({ type: 'running', startAtMs: 10 })
  expect(after(agreed, started, ended)).toEqual({
    type: 'finalising',
    startAtMs: 10,
    stoppedAtMs: 50,
    endedAtMs: 50,
    why: 'complete',
  })
  expect(after(agreed, started, ended, finalised)).toEqual({ type: 'done', why: 'complete' })
})

test.each([[[agreed]], [[agreed, started]]])('a stopped run drains first and remembers why', (events) => {
  expect(after(...events, stopAsked)).toEqual({ type: 'draining', startAtMs: 10, stoppedAtMs: 30, why: 'stopped' })
  expect(after(...events, stopAsked, ended)).toMatchObject({ stoppedAtMs: 30, endedAtMs: 50 })
  expect(after(...events, stopAsked, ended, finalised)).toEqual({ type: 'done', why: 'stopped' })
})

test('the first reason to stop is the one that is reported', () => {
  expect(after(agreed, started, stopAsked, { type: 'stop-asked', atMs: 40, why: 'overdue' })).toMatchObject({ why: 'stopped' })
})

test('load may end before its first second was seen', () => {
  expect(after(agreed, ended)).toMatchObject({ type: 'finalising', why: 'complete' })
})

test('what comes too late changes nothing', () => {
  const finalising = after(agreed, started, ended)
  expect(nextState(finalising, stopAsked)).toBe(finalising)
  expect(nextState(finalising, started)).toBe(finalising)
})

test.each<[RunState['type'], RunEvent[], RunEvent]>([
  ['preparing', [], started],
  ['preparing', [], stopAsked],
  ['preparing', [], ended],
  ['preparing', [], finalised],
  ['waiting', [agreed], agreed],
  ['running', [agreed, started], finalised],
  ['done', [agreed, started, ended, finalised], ended],
])('a run that is %s refuses what cannot happen', (type, events, impossible) => {
  expect(() => after(...events, impossible)).toThrow(`a run that is ${type} cannot take ${impossible.type}`)
})
