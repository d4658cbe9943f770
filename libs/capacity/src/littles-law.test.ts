import { expect, test } from 'vitest'
import { checkLittlesLaw } from './littles-law.ts'

test('fifty clients that wait 0.1 s and pause 0.9 s make fifty calls a second', () => {
  expect(checkLittlesLaw(50, 50, 100, 900)).toEqual({ expectedClients: 50, clients: 50, error: 0, holds: true })
})

test('calls that were never recorded show', () => {
  const { error, holds } = checkLittlesLaw(50, 35, 100, 900)
  expect(error).toBeCloseTo(-0.3, 9)
  expect(holds).toBe(false)
})

test('nobody makes no calls', () => {
  expect(checkLittlesLaw(0, 0, 0, 0).holds).toBe(true)
  expect(checkLittlesLaw(0, 5, 100, 0).holds).toBe(false)
})
