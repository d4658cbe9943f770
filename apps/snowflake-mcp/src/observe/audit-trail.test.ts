import { FakeClock } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AuditSink } from './audit-file.ts'
import { AuditTrail } from './audit-trail.ts'

interface Disk extends AuditSink {
  text: string
  /** Bytes it takes; a write that goes beyond is cut, and one that finds no room fails. */
  roomBytes: number
  closed: boolean
}

function disk(): Disk {
  return {
    text: '',
    roomBytes: Infinity,
    closed: false,
    async write(bytes) {
      if (this.roomBytes === 0) throw new Error('no space left')
      const taken = bytes.subarray(0, this.roomBytes)
      this.roomBytes -= taken.length
      this.text += taken.toString()
      return taken.length
    },
    async close() {
      this.closed = true
    },
  }
}

function trailOn(sink: Disk, maxWaitingBytes = 1000) {
  const clock = new FakeClock()
  const told: string[] = []
  const trail = new AuditTrail({
    clock,
    sink,
    maxWaitingBytes,
    onFailure: (reason) => told.push(reason),
    onRecovery: () => told.push('works again'),
  })
  return { trail, clock, told }
}

test('lines are written in order, and none is lost', async () => {
  const sink = disk()
  const { trail, clock } = trailOn(sink)
  for (const line of ['a', 'b', 'c']) trail.add(line, false)
  await clock.advance(0)
  trail.add('d', false)
  await trail.close()
  expect([sink.text, sink.closed, trail.writtenLines, trail.lostLines]).toEqual(['a\nb\nc\nd\n', true, 4, 0])
})

test('a full disk is told once, tried again, and leaves no torn line once there is room', async () => {
  const sink = disk()
  sink.roomBytes = 5
  const { trail, clock, told } = trailOn(sink)
  trail.add('first', false)
  trail.add('second', false)
  await clock.advance(2000)
  expect([sink.text, trail.failure, told]).toEqual(['first', 'no space left', ['no space left']])
  sink.roomBytes = Infinity
  await clock.advance(1000)
  expect([sink.text, trail.failure, told]).toEqual(['first\nsecond\n', undefined, ['no space left', 'works again']])
  expect([trail.writtenLines, trail.waitingBytes]).toEqual([2, 0])
})

test('while nothing can be written no more than the bound waits, except what must be kept', async () => {
  const sink = disk()
  sink.roomBytes = 0
  const { trail, clock } = trailOn(sink, 100)
  for (let count = 0; count < 1000; count += 1) trail.add('0123456789', false)
  expect([trail.isFull, trail.waitingBytes, trail.lostLines]).toEqual([true, 110, 990])
  trail.add('kept', true)
  sink.roomBytes = Infinity
  await clock.advance(1000)
  expect([sink.text.endsWith('0123456789\nkept\n'), trail.writtenLines, trail.isFull]).toEqual([true, 11, false])
})

test('a server that stops waits a moment for what is left, and counts what could not be written', async () => {
  const sink = disk()
  sink.roomBytes = 0
  const { trail, clock } = trailOn(sink)
  trail.add('a', false)
  trail.add('b', false)
  await clock.advance(0)
  trail.add('c', false)
  const closed = trail.close()
  await clock.advance(1000)
  await closed
  expect([sink.text, sink.closed, trail.lostLines]).toEqual(['', true, 3])
})

test('a sink that cannot be closed does not stop the server from stopping', async () => {
  const { trail, told } = trailOn({ ...disk(), close: () => Promise.reject(new Error('gone')) })
  await trail.close()
  expect(told).toEqual(['gone'])
})

test('however a disk fills up and empties, every line is written once, in order, or counted as lost', async () => {
  const step = fc.oneof(
    fc.record({ add: fc.string({ minLength: 1, maxLength: 300_000 }).map((text) => text.replaceAll(/[\n\r]/g, ' ')) }),
    fc.record({ room: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 500 }), fc.constant(Infinity)) }),
    fc.record({ pass: fc.integer({ min: 0, max: 2000 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const sink = disk()
      const { trail, clock } = trailOn(sink, 400)
      const added: string[] = []
      for (const [index, one] of steps.entries()) {
        if ('room' in one) sink.roomBytes = one.room
        else if ('pass' in one) await clock.advance(one.pass)
        else {
          const before = trail.lostLines
          trail.add(`${index} ${one.add}`, false)
          if (trail.lostLines === before) added.push(`${index} ${one.add}`)
        }
      }
      sink.roomBytes = Infinity
      await clock.advance(1000)
      expect(sink.text).toBe(added.map((line) => `${line}\n`).join(''))
      expect([trail.writtenLines, trail.waitingBytes]).toEqual([added.length, 0])
    }),
    { numRuns: 60 },
  )
})
