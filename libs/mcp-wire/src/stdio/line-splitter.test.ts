import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineSplitter } from './line-splitter.ts'

test('the same bytes give the same lines however they are cut', () => {
  const text = fc.array(fc.constantFrom('ä', '😀', 'x', '\n'), { maxLength: 60 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, fc.array(fc.nat(250), { maxLength: 6 }), (text, cuts) => {
      const bytes = Buffer.from(text)
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length]
      const lines: string[] = []
      const splitter = new LineSplitter(1000, (line) => lines.push(line.toString()))
      for (const [index, end] of places.slice(1).entries()) expect(splitter.push(bytes.subarray(places[index], end))).toBe(true)
      expect(lines).toEqual(text.split('\n').slice(0, -1))
    }),
  )
})

test('a line beyond the limit is refused, ended or not', () => {
  const lines: string[] = []
  expect(new LineSplitter(5, (line) => lines.push(line.toString())).push(Buffer.from('123456'))).toBe(false)
  expect(new LineSplitter(5, (line) => lines.push(line.toString())).push(Buffer.from('12345\n123456\n'))).toBe(false)
  expect(lines).toEqual(['12345'])
})
