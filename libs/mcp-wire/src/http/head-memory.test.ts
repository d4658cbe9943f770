import { expect, test } from 'vitest'
import { readHead, recallHead, recalledBytes } from './head-memory.ts'
import { MalformedReply } from './http-exchange.ts'

const head = (length: number): string => `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`

test('an answer that begins as the one before it is recognised, wherever it stands among the bytes', () => {
  const read = readHead(head(12))
  const bytes = Buffer.from(`..${head(12)}{"id":1}`)
  expect(recallHead(bytes, 2, bytes.length)).toBe(read)
  expect(recalledBytes()).toBe(head(12).length)
})

test('a head that differs in one letter, or has not come whole, is not recognised', () => {
  readHead(head(12))
  const other = Buffer.from(head(13))
  const whole = Buffer.from(head(12))
  expect(recallHead(other, 0, other.length)).toBeUndefined()
  expect(recallHead(whole, 0, whole.length - 1)).toBeUndefined()
  expect(recallHead(whole, 1, whole.length)).toBeUndefined()
})

test('no letter of a head may differ, whichever it is and wherever the head lies in memory', () => {
  for (const length of [1, 12, 123, 1234]) {
    const read = readHead(head(length))
    for (const offset of [0, 1, 4]) {
      const bytes = Buffer.alloc(offset + 2 * head(length).length).subarray(offset)
      bytes.write(head(length), 'latin1')
      expect(recallHead(bytes, 0, bytes.length)).toBe(read)
      for (let at = 0; at < head(length).length; at++) {
        bytes[at] = (bytes[at] ?? 0) ^ 1
        expect(recallHead(bytes, 0, bytes.length)).toBeUndefined()
        bytes[at] = (bytes[at] ?? 0) ^ 1
      }
    }
  }
})

test('heads that take turns are each read once, and forgotten when there are too many', () => {
  const first = readHead(head(1))
  readHead(head(2))
  expect(readHead(head(1))).toBe(first)
  for (let length = 3; length < 200; length++) expect(readHead(head(length)).sizeBytes).toBe(length)
  expect(readHead(head(1))).not.toBe(first)
  expect(readHead(head(1)).sizeBytes).toBe(1)
})

test('a broken head is broken every time', () => {
  for (let time = 0; time < 2; time++)
    expect(() => readHead('HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n')).toThrow(MalformedReply)
})
