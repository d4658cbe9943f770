import { expect, test } from 'vitest'
import { StatementQueue } from './statement-queue.ts'
import { WriteLocks } from './write-locks.ts'

const never = new AbortController().signal

test('writers of one database wait for each other, and those of another do not', async () => {
  const locks = new WriteLocks()
  const log: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = locks.hold('A', never, async () => {
    await gate.promise
    log.push('first of A')
    throw new Error('failed')
  })
  const second = locks.hold('A', never, async () => log.push('second of A'))
  await locks.hold('B', never, async () => log.push('B'))
  gate.resolve()
  await expect(first).rejects.toThrow('failed')
  await second
  expect(log).toEqual(['B', 'first of A', 'second of A'])
})

test('a queue runs in order, goes on after a failure, and knows when it is idle', async () => {
  const queue = new StatementQueue()
  const log: number[] = []
  const failing = queue.run(async () => {
    log.push(1)
    throw new Error('failed')
  })
  const working = queue.run(async () => log.push(2))
  await queue.idle()
  expect(log).toEqual([1, 2])
  await expect(failing).rejects.toThrow('failed')
  await expect(working).resolves.toBe(2)
})

test('a writer who gives up leaves the queue', async () => {
  const locks = new WriteLocks()
  const release = await locks.acquire('A', never)
  const impatient = new AbortController()
  const left = locks.acquire('A', impatient.signal)
  const patient = locks.acquire('A', never)
  impatient.abort(new Error('enough'))
  await expect(left).rejects.toThrow('enough')
  release()
  release()
  ;(await patient)()
  await expect(locks.acquire('A', impatient.signal)).rejects.toThrow('enough')
  ;(await locks.acquire('A', never))()
})
