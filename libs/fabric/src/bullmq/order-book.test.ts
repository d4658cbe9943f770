import type { FleetControl } from '@squall/load-protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OrderBook } from './order-book.ts'

const startAtMs = 1_000_000

function bookOf(...controls: readonly FleetControl[]): OrderBook {
  const book = new OrderBook()
  book.take({ type: 'start', startAtMs })
  for (const [index, control] of controls.entries()) book.take({ type: 'control', sequence: index + 1, control })
  return book
}

test('the T0 that was told first holds, whatever a controller says that was replaced', () => {
  const book = bookOf()
  book.take({ type: 'start', startAtMs: startAtMs + 5_000 })
  expect(book.startAtMs).toBe(startAtMs)
  expect(book.resumePoint(startAtMs + 7_001)).toMatchObject({ fromMs: 8_000 })
})

test('a share goes on with the next whole second', () => {
  expect(bookOf().resumePoint(startAtMs + 7_001)).toEqual({ fromMs: 8_000, pausedMs: 0, controls: [] })
  expect(bookOf().resumePoint(startAtMs + 7_000).fromMs).toBe(7_000)
  expect(bookOf().resumePoint(startAtMs - 500).fromMs).toBe(0)
})

test('a pause that is over is time that the plan is behind; changes still count', () => {
  const change = { type: 'set-clients', atMs: 1_000, clients: 5 } as const
  const book = bookOf(change, { type: 'pause', atMs: 2_000 }, { type: 'resume', atWallMs: startAtMs + 5_000 })
  expect(book.resumePoint(startAtMs + 9_500)).toEqual({
    fromMs: 7_000,
    pausedMs: 3_000,
    controls: [{ type: 'control', sequence: 1, control: change }],
  })
})

test('a plan that stands still is gone on with from where it stands, and stands', () => {
  const pause = { type: 'pause', atMs: 4_000 } as const
  const book = bookOf({ type: 'pause', atMs: 1_000 }, { type: 'resume', atWallMs: startAtMs + 2_500 }, pause)
  expect(book.resumePoint(startAtMs + 60_000)).toEqual({
    fromMs: 4_000,
    pausedMs: 1_500,
    controls: [{ type: 'control', sequence: 3, control: pause }],
  })
})

test('however often a run was paused, plan and pauses are together the whole seconds that passed', () => {
  const pauses = fc.array(fc.record({ runMs: fc.integer({ min: 1, max: 5_000 }), standMs: fc.integer({ min: 1, max: 5_000 }) }))
  fc.assert(
    fc.property(pauses, fc.integer({ min: 0, max: 10_000 }), (made, laterMs) => {
      let planMs = 0
      let standMs = 0
      const controls = made.flatMap((pause): FleetControl[] => {
        planMs += pause.runMs
        standMs += pause.standMs
        return [
          { type: 'pause', atMs: planMs },
          { type: 'resume', atWallMs: startAtMs + planMs + standMs },
        ]
      })
      const elapsedMs = planMs + standMs + laterMs
      const point = bookOf(...controls).resumePoint(startAtMs + elapsedMs)
      expect(point.pausedMs).toBe(standMs)
      expect(point.fromMs + point.pausedMs).toBe(Math.ceil(elapsedMs / 1000) * 1000)
    }),
  )
})

test('who listens hears every order, until it has heard enough', () => {
  const book = new OrderBook()
  const heard: string[] = []
  const enough = book.listen(({ type }) => heard.push(type))
  book.take({ type: 'start', startAtMs })
  enough()
  book.take({ type: 'stop', atMs: 9_000, drainMs: 5 })
  expect(heard).toEqual(['start'])
  expect(book.stop).toEqual({ type: 'stop', atMs: 9_000, drainMs: 5 })
})
