import type { FleetEvent } from '@squall/load-protocol'
import { GeneratorRecorder } from '@squall/metrics'
import { expect, test } from 'vitest'
import { fromLetter, toLetter } from './letter.ts'
import { Seal } from './seal.ts'

const place = 'squall:run:1:events'
const health = { cpuMs: 1, wallMs: 1_000, rssBytes: 1, eventLoopUtilization: 0, eventLoopDelay: new Uint8Array() }
const snapshot = new GeneratorRecorder().takeSnapshot(0, health)
const events: FleetEvent[] = [
  { type: 'snapshot', shard: 3, epoch: 1, sequence: 0, snapshot },
  { type: 'taken', shard: 3, epoch: 1 },
]
const secret = new Seal('open sesame')

test.each([
  ['with a secret', secret],
  ['without one', new Seal(undefined)],
])('what agents say comes as it was said, %s', (_, seal) => {
  for (const event of events) expect(fromLetter(new Map([toLetter(event, seal, place)]), seal, place)).toMatchObject(event)
  expect(fromLetter(new Map([['begins', Buffer.from('1')]]), seal, place)).toBeUndefined()
})

test('without the secret nobody reads what is said, writes it, or lays it down as something else', () => {
  const otherSecret = expect.objectContaining({ code: 'FABRIC_OTHER_SECRET' }) as Error
  for (const event of events) {
    const letter = toLetter(event, secret, place)
    const [field, bytes] = letter
    const otherField = field === 'event' ? 'numbers' : 'event'
    expect(() => fromLetter(new Map([letter]), new Seal('open barley'), place)).toThrow(otherSecret)
    expect(() => fromLetter(new Map([toLetter(event, new Seal(undefined), place)]), secret, place)).toThrow(otherSecret)
    expect(() => fromLetter(new Map([[otherField, bytes]]), secret, place)).toThrow(otherSecret)
    expect(() => fromLetter(new Map([letter]), secret, 'squall:run:2:events')).toThrow(otherSecret)
  }
})

const scrawl = (field: string): Map<string, Buffer> => new Map([[field, Buffer.from('\0hello')]])

test('bytes of no event are told as that', () => {
  const seal = new Seal(undefined)
  expect(() => fromLetter(scrawl('event'), seal, place)).toThrow(expect.objectContaining({ code: 'FABRIC_BAD_MESSAGE' }) as Error)
  expect(() => fromLetter(scrawl('numbers'), seal, place)).toThrow(
    expect.objectContaining({ code: 'PROTOCOL_VERSION_MISMATCH' }) as Error,
  )
})
