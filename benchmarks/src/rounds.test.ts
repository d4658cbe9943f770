import fc from 'fast-check'
import { expect, test } from 'vitest'
import { interleave, median, ratiosOf, type Contender } from './rounds.ts'

function scripted(name: string, values: readonly number[], order: string[]): Contender {
  const left = [...values]
  return {
    name,
    measure: () => {
      order.push(name)
      return Promise.resolve({ value: left.shift() ?? Number.NaN })
    },
  }
}

test('contenders take turns, and the warm-up does not count', async () => {
  const order: string[] = []
  const measured = await interleave([scripted('a', [99, 1, 2], order), scripted('b', [99, 3, 4], order)], 2, 1)
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b'])
  expect(measured).toEqual([
    { name: 'a', figures: [{ value: 1 }, { value: 2 }] },
    { name: 'b', figures: [{ value: 3 }, { value: 4 }] },
  ])
})

test('to compare nothing is a mistake', async () => {
  await expect(interleave([], 3, 1)).rejects.toThrow('nothing to measure')
})

test('a round that was slow for both does not change their ratio', async () => {
  const [fast, slow] = await interleave([scripted('fast', [20, 4, 22], []), scripted('slow', [10, 2, 11], [])], 3, 0)
  expect(fast && slow && ratiosOf(fast, slow, 'value')).toEqual([2, 2, 2])
})

test('as many values lie below the median as above', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values)
      expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2)
      expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2)
    }),
  )
  expect(median([1, 2, 3, 10])).toBe(2.5)
})
