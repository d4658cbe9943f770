import { expect, test } from 'vitest'
import { Later } from './later.ts'

test('whoever waits goes on at once, within the call that ends it', () => {
  const later = new Later<number>()
  const heard: unknown[] = []
  later.then(
    (value) => heard.push(value),
    (error) => heard.push(error),
  )
  later.end(7)
  expect(heard).toEqual([7])
})

test('what work comes to is handed on, and so is what it throws', () => {
  const heard: unknown[] = []
  const defect = new Error('a defect')
  for (const work of [
    () => 7,
    () => {
      throw defect
    },
  ]) {
    const later = new Later<number>()
    later.then(
      (value) => heard.push(value),
      (error) => heard.push(error),
    )
    later.endWith(work)
  }
  expect(heard).toEqual([7, defect])
})

test('what a listener throws is not taken for a failure of the work before it', () => {
  const later = new Later<number>()
  const failures: unknown[] = []
  later.then(
    () => {
      throw new Error('a listener that breaks its word')
    },
    (error) => failures.push(error),
  )
  expect(() => later.endWith(() => 7)).toThrow('breaks its word')
  expect(failures).toEqual([])
})

test('who comes late hears of it in a turn of its own, so that loops do not nest', async () => {
  const later = new Later<number>()
  later.end(7)
  let isWithin = true
  const heard = new Promise((resolve, reject) => later.then((value) => resolve([value, isWithin]), reject))
  isWithin = false
  expect(await heard).toEqual([7, false])
})

test('a second listener is refused, instead of waiting for ever', async () => {
  const later = new Later()
  const first = (async () => await later)()
  await Promise.resolve()
  await expect((async () => await later)()).rejects.toThrow('second listener')
  later.end()
  await first
})

test('it can be awaited, before and after it is settled', async () => {
  const early = new Later<string>()
  const waiting = (async () => await early)()
  early.end('early')
  const late = new Later<string>()
  late.fail(new Error('late'))
  expect(await waiting).toBe('early')
  await expect((async () => await late)()).rejects.toThrow('late')
})
