import { FakeClock } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allRead } from './all-read.ts'

interface Reading {
  readonly clock: FakeClock
  readonly reader: { position: string; isClosed: boolean }
  /** How far the stream went when the reading was asked for, once Redis answers. */
  readonly answer: (newest: string | undefined) => void
  readonly refuse: (error: Error) => void
  readonly isOver: () => boolean
}

function read(position = '0-0'): Reading {
  const clock = new FakeClock()
  const reader = { position, isClosed: false }
  const asked = Promise.withResolvers<[string, string[]][]>()
  let isOver = false
  void allRead({ redis: { xrevrange: () => asked.promise }, key: 'k', reader, clock }).then(() => (isOver = true))
  const answer = (newest?: string): void => asked.resolve(newest === undefined ? [] : [[newest, []]])
  return { clock, reader, answer, refuse: asked.reject, isOver: () => isOver }
}

test('who is behind is waited for, however long that takes, and no longer than what was there when it was asked', async () => {
  const { clock, reader, answer, isOver } = read('5-0')
  answer('70-3')
  for (let ms = 10; ms < 70; ms++) {
    reader.position = `${ms}-0`
    await clock.advance(5_000)
    expect(isOver(), reader.position).toBe(false)
  }
  reader.position = '70-2'
  await clock.advance(100)
  expect(isOver()).toBe(false)
  reader.position = '70-3'
  await clock.advance(100)
  expect(isOver()).toBe(true)
})

test('who comes no further for ten seconds is not waited for any more', async () => {
  const { clock, answer, isOver } = read()
  answer('70-3')
  await clock.advance(9_900)
  expect(isOver()).toBe(false)
  await clock.advance(200)
  expect(isOver()).toBe(true)
})

test('a Redis that does not answer is waited for as long, whatever still comes', async () => {
  const { clock, reader, isOver } = read()
  for (let second = 0; second < 11; second++) {
    reader.position = `${second}-0`
    await clock.advance(1_000)
    expect(isOver()).toBe(second >= 9)
  }
})

test('nothing is waited for where the stream is empty, Redis gone, or the reading over', async () => {
  const [empty, gone, closed] = [read(), read(), read()]
  empty.answer(undefined)
  gone.refuse(new Error('Connection is closed.'))
  closed.reader.isClosed = true
  for (const { clock, isOver } of [empty, gone, closed]) {
    await clock.advance(50)
    expect(isOver()).toBe(true)
  }
})

test('ids are compared as numbers', async () => {
  const id = fc.record({ ms: fc.nat(1_000), number: fc.nat(20) })
  await fc.assert(
    fc.asyncProperty(id, id, async (at, newest) => {
      const { clock, answer, isOver } = read(`${at.ms}-${at.number}`)
      answer(`${newest.ms}-${newest.number}`)
      await clock.advance(1)
      expect(isOver()).toBe(at.ms * 100 + at.number >= newest.ms * 100 + newest.number)
    }),
  )
})
