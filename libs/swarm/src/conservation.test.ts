// Whatever happens to a generator and its target: every start that a plan lists is made, or counted as dropped.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closed, open, planOf, rigOf, startAtMs, type Rig } from './test/rig.ts'

type Mishap = readonly ['run' | 'pause' | 'freeze', number]

const mishaps = fc.array(fc.tuple(fc.constantFrom<Mishap[0]>('run', 'pause', 'freeze'), fc.integer({ min: 1, max: 2_500 })), {
  maxLength: 6,
})
const maxLagMs = fc.constantFrom(100, 1_000, 30_000)

async function suffer({ clock, swarm }: Rig, happening: readonly Mishap[]): Promise<void> {
  for (const [what, forMs] of happening) {
    if (what === 'pause') swarm.pause()
    if (what === 'freeze') clock.freeze(forMs)
    await clock.advance(what === 'freeze' ? 0 : forMs)
    swarm.resume()
  }
  await clock.advance(120_000)
}

test('a paced client makes or drops every start of its beat, however slow the target, and whatever stands still', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        maxLagMs,
        happening: mishaps,
        paceMs: fc.integer({ min: 100, max: 3_000 }),
        services: fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 8 }),
        durationMs: fc.integer({ min: 500, max: 12_000 }),
      }),
      async ({ maxLagMs, happening, paceMs, services, durationMs }) => {
        let calls = 0
        const rig = rigOf({
          plan: planOf(closed({ durationMs }), { maxLagMs, requestTimeoutMs: 60_000 }),
          script: { paceMs, serviceMs: () => services[calls++ % services.length] ?? 0 },
        })
        await rig.clock.advance(startAtMs)
        await suffer(rig, happening)
        expect(rig.isFinished()).toBe(true)
        const { droppedStarts } = rig.numbers().counters
        expect(rig.diary.iterations.length + droppedStarts).toBe(Math.ceil(durationMs / paceMs))
      },
    ),
    { numRuns: 150 },
  )
})

test('arrivals are made or dropped, each once, however many find the place full or come too late', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        maxLagMs,
        happening: mishaps,
        rate: fc.integer({ min: 1, max: 40 }),
        maxClients: fc.integer({ min: 1, max: 10 }),
        serviceMs: fc.integer({ min: 0, max: 3_000 }),
        spacing: fc.constantFrom('constant' as const, 'poisson' as const),
      }),
      async ({ maxLagMs, happening, rate, maxClients, serviceMs, spacing }) => {
        const model = { ...open({ durationMs: 5_000, rateStart: rate, rateEnd: rate, spacing }), maxClients }
        const rig = rigOf({ plan: planOf(model, { maxLagMs }), script: { serviceMs: () => serviceMs } })
        await rig.clock.advance(startAtMs)
        await suffer(rig, happening)
        expect(rig.isFinished()).toBe(true)
        const { droppedStarts, clientsStarted } = rig.numbers().counters
        expect(rig.diary.created).toEqual([...new Set(rig.diary.created)])
        expect(clientsStarted + droppedStarts).toBe(rate * 5)
      },
    ),
    { numRuns: 100 },
  )
})
