import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClientGauge } from './client-gauge.ts'

test('clients that came and went between two looks were there', () => {
  const gauge = new ClientGauge()
  gauge.change('cursor', 1)
  gauge.change('vscode', 1)
  gauge.change('cursor', -1)
  gauge.change('vscode', -1)
  expect(gauge.take()).toEqual({ cursor: 1, vscode: 1 })
  expect(gauge.take()).toEqual({})
})

test('a kind that left before another came was not there beside it', () => {
  const gauge = new ClientGauge()
  gauge.change('cursor', 1)
  gauge.change('cursor', -1)
  gauge.change('vscode', 1)
  expect(Object.values(gauge.take())).toEqual([1])
})

test('whatever comes and goes, the fullest moment since the last look is told', () => {
  const kind = fc.constantFrom('a' as const, 'b' as const, 'c' as const)
  const step = fc.record({ kind, isLook: fc.boolean(), wantsToLeave: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const gauge = new ClientGauge()
      const there = { a: 0, b: 0, c: 0 }
      const total = (): number => there.a + there.b + there.c
      const looks: { seen: number; fullest: number }[] = []
      let fullest = 0
      for (const { kind, isLook, wantsToLeave } of steps) {
        if (isLook) {
          looks.push({ seen: Object.values(gauge.take()).reduce((sum, count) => sum + count, 0), fullest })
          fullest = total()
        }
        const delta = wantsToLeave && there[kind] > 0 ? -1 : 1
        there[kind] += delta
        gauge.change(kind, delta)
        fullest = Math.max(fullest, total())
      }
      expect(looks.map(({ seen }) => seen)).toEqual(looks.map((look) => look.fullest))
    }),
  )
})
