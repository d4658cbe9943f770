import { FakeClock } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Warehouse, type SlotLease } from './warehouse.ts'

const never = new AbortController().signal

function open(settings: { slots?: number; resumeDelayMs?: number } = {}): { clock: FakeClock; warehouse: Warehouse } {
  const clock = new FakeClock()
  const warehouse = new Warehouse('COMPUTE_WH', clock)
  warehouse.configure(settings)
  return { clock, warehouse }
}

test('statements beyond the slots wait in the order they came, and know how long', async () => {
  const { clock, warehouse } = open({ slots: 1 })
  const first = await warehouse.acquire(never)
  const order: string[] = []
  const second = warehouse.acquire(never).then((lease) => (order.push('second'), lease))
  const third = warehouse.acquire(never).then((lease) => (order.push('third'), lease))
  expect(warehouse).toMatchObject({ running: 1, queued: 2 })
  await clock.advance(100)
  first.release()
  first.release()
  const lease = await second
  expect(lease).toMatchObject({ overloadMs: 100, provisioningMs: 0 })
  expect(order).toEqual(['second'])
  lease.release()
  ;(await third).release()
  expect(order).toEqual(['second', 'third'])
  expect(warehouse).toMatchObject({ running: 0, queued: 0 })
})

test('one who gives up leaves the queue, and the others move up', async () => {
  const { warehouse } = open({ slots: 1 })
  const first = await warehouse.acquire(never)
  const impatient = new AbortController()
  const left = warehouse.acquire(impatient.signal)
  const patient = warehouse.acquire(never)
  impatient.abort(new Error('enough'))
  await expect(left).rejects.toThrow('enough')
  await expect(warehouse.acquire(impatient.signal)).rejects.toThrow('enough')
  first.release()
  ;(await patient).release()
  expect(warehouse).toMatchObject({ running: 0, queued: 0 })
})

test('a suspended warehouse starts for the first statement, which waits for it', async () => {
  const { clock, warehouse } = open({ slots: 2, resumeDelayMs: 2_000 })
  warehouse.suspend()
  expect(warehouse.status).toBe('SUSPENDED')
  const waiting = warehouse.acquire(never)
  expect(warehouse.status).toBe('RESUMING')
  await clock.advance(1_999)
  expect(warehouse.running).toBe(0)
  await clock.advance(1)
  expect(await waiting).toMatchObject({ provisioningMs: 2_000, overloadMs: 0 })
  expect(warehouse.status).toBe('STARTED')
  expect(await warehouse.acquire(never)).toMatchObject({ provisioningMs: 0, overloadMs: 0 })
})

test('suspended while statements queue, it starts again for them; started by hand, it does not wait', async () => {
  const { clock, warehouse } = open({ slots: 1, resumeDelayMs: 500 })
  const first = await warehouse.acquire(never)
  const second = warehouse.acquire(never)
  warehouse.suspend()
  first.release()
  await clock.advance(500)
  ;(await second).release()
  warehouse.suspend()
  const third = warehouse.acquire(never)
  warehouse.start()
  expect(await third).toMatchObject({ provisioningMs: 0 })
  expect(clock.pendingCount).toBe(0)
})

test('more slots let the queue in at once', async () => {
  const { warehouse } = open({ slots: 1 })
  await warehouse.acquire(never)
  const waiting = [warehouse.acquire(never), warehouse.acquire(never)]
  warehouse.configure({ slots: 3 })
  await Promise.all(waiting)
  expect(warehouse).toMatchObject({ running: 3, queued: 0 })
})

test('whatever comes and goes, no more than the slots run, and nobody is forgotten', async () => {
  const step = fc.constantFrom('acquire', 'release', 'abort', 'suspend', 'start', 'tick')
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), async (slots, steps) => {
      const { clock, warehouse } = open({ slots, resumeDelayMs: 10 })
      const held: SlotLease[] = []
      const pending: AbortController[] = []
      const settled: string[] = []
      let asked = 0
      for (const kind of steps) {
        if (kind === 'acquire') {
          asked += 1
          const controller = new AbortController()
          pending.push(controller)
          void warehouse.acquire(controller.signal).then(
            (lease) => (held.push(lease), settled.push('given')),
            () => settled.push('refused'),
          )
        } else if (kind === 'release') held.shift()?.release()
        else if (kind === 'abort') pending.shift()?.abort(new Error('gone'))
        else if (kind === 'suspend') warehouse.suspend()
        else if (kind === 'start') warehouse.start()
        await clock.advance(kind === 'tick' ? 10 : 0)
        expect(held.length).toBeLessThanOrEqual(slots)
        expect(warehouse.running).toBe(held.length)
      }
      for (let round = 0; round < 70; round += 1) {
        held.shift()?.release()
        await clock.advance(10)
      }
      expect(settled).toHaveLength(asked)
    }),
    { numRuns: 60 },
  )
})
