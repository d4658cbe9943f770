import { expect, test } from 'vitest'
import { thrownText } from './index.ts'

const hostile = {
  toString: (): string => {
    throw new Error('no text')
  },
}

test.each([
  [new Error('boom'), 'boom'],
  ['boom', 'boom'],
  [undefined, 'undefined'],
  [Symbol('boom'), 'Symbol(boom)'],
  [Object.create(null), 'something was thrown that has no text'],
  [hostile, 'something was thrown that has no text'],
])('whatever is thrown has a text (%#)', (thrown, text) => {
  expect(thrownText(thrown)).toBe(text)
})
