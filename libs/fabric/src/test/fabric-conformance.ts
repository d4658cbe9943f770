// What every fabric promises. An implementation's test calls `describeFabric` with its own way to make one.
import { randomUUID } from 'node:crypto'
import { temporaryDirectory } from '@squall/testing'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Fabric, FabricEvent, PreparedRun, RunRequest } from '../index.ts'
import type { Behaviour } from './demo-generator.ts'
import { demoPlan } from './demo-plan.ts'
import { isAlive, pidsIn } from './processes.ts'

export interface FabricLimits {
  readonly readyTimeoutMs?: number
}

type EventOf<T extends FabricEvent['type']> = Extract<FabricEvent, { type: T }>

/** @param createFabric makes a fabric whose generators run `demo-generator.ts`. */
export function describeFabric(name: string, createFabric: (limits?: FabricLimits) => Fabric): void {
  describe(`the ${name} fabric`, () => {
    let directory: string
    let events: FabricEvent[]
    let run: PreparedRun | undefined
    beforeEach(() => {
      directory = temporaryDirectory(onTestFinished)
      events = []
      run = undefined
    })
    afterEach(async () => {
      await run?.close()
      expect(pidsIn(directory).filter(isAlive)).toEqual([])
    })

    interface Trial {
      readonly shards?: number
      readonly durationMs?: number
      readonly behaviours?: Readonly<Record<number, Behaviour>>
      readonly signal?: AbortSignal
      readonly limits?: FabricLimits
    }

    async function prepare({ limits, ...trial }: Trial = {}): Promise<PreparedRun> {
      run = await createFabric(limits).prepare(requestOf(trial, events))
      return run
    }

    const requestOf = (
      { shards = 2, durationMs = 100, behaviours = {}, signal }: Omit<Trial, 'limits'>,
      told: FabricEvent[],
    ): RunRequest => ({
      runId: randomUUID(),
      plan: demoPlan(durationMs, { directory, behaviours: { ...behaviours } }),
      shards,
      signal: signal ?? new AbortController().signal,
      onEvent: (event) => told.push(event),
    })

    const of = <T extends FabricEvent['type']>(type: T, shard?: number): EventOf<T>[] =>
      events.filter((event): event is EventOf<T> => event.type === type && (shard === undefined || event.shard === shard))
    const seen = (type: FabricEvent['type'], shard: number): Promise<void> =>
      vi.waitFor(() => expect(of(type, shard)).not.toEqual([]), { timeout: 10_000, interval: 5 })
    const pidOf = (shard: number): number => pidsIn(directory)[shard] ?? 0

    test('every shard starts at T0, numbers its snapshots without a hole, and finishes', async () => {
      const prepared = await prepare({ shards: 3, durationMs: 600 })
      expect(new Set(pidsIn(directory)).size).toBe(3)
      prepared.start()
      await prepared.ended
      for (const shard of [0, 1, 2]) {
        const sequences = of('snapshot', shard).map(({ sequence }) => sequence)
        expect(sequences.length).toBeGreaterThan(0)
        expect(sequences).toEqual(sequences.map((_, index) => index))
        expect(of('shard-finished', shard)).toMatchObject([{ snapshots: sequences.length }])
        expect(events.findLast((event) => event.shard === shard)?.type).toBe('shard-finished')
        // How late it was; the demo reports it there.
        expect(of('snapshot', shard)[0]?.snapshot.counters.droppedStarts).toBeLessThan(500)
      }
      expect(of('shard-lost')).toEqual([])
    })

    test('failed calls to show come from every shard', async () => {
      const prepared = await prepare()
      prepared.start()
      await prepared.ended
      for (const shard of [0, 1])
        expect(of('samples', shard)).toMatchObject([{ samples: [{ code: 'http.500', message: 'sample' }] }])
    })

    test('T0 lies ahead when it is agreed', async () => {
      const prepared = await prepare()
      const before = Date.now()
      expect(prepared.start()).toBeGreaterThanOrEqual(before)
      await prepared.ended
    })

    test('a shard that cannot be prepared fails the run with its own error', async () => {
      await expect(prepare({ behaviours: { 1: 'refuse' } })).rejects.toMatchObject({
        code: 'DEMO_REFUSED',
        message: 'this share is too hot',
        hint: 'Let it cool.',
        exitCode: 2,
      })
    })

    test('a bug in a generator is an internal error', async () => {
      await expect(prepare({ behaviours: { 0: 'bug' } })).rejects.toMatchObject({ message: 'x is not a function', exitCode: 1 })
    })

    test('a shard that never becomes ready is given up', async () => {
      const trial = prepare({ behaviours: { 0: 'silent' }, limits: { readyTimeoutMs: 1_500 } })
      await expect(trial).rejects.toMatchObject({
        code: 'FABRIC_GENERATOR_DID_NOT_START',
        message: 'the generators were not ready within 1.5 s',
      })
    })

    test('a caller can give up waiting, before and while generators prepare', async () => {
      const reason = new Error('user left')
      await expect(prepare({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      const leaving = new AbortController()
      const trial = prepare({ behaviours: { 0: 'silent' }, signal: leaving.signal })
      await vi.waitFor(() => expect(pidsIn(directory)).toHaveLength(2), { timeout: 10_000 })
      leaving.abort(reason)
      await expect(trial).rejects.toBe(reason)
    })

    test('a killed generator is a lost shard; the others go on', async () => {
      const prepared = await prepare({ durationMs: 400 })
      prepared.start()
      await seen('snapshot', 0)
      process.kill(pidOf(0), 'SIGKILL')
      await prepared.ended
      expect(of('shard-lost')).toMatchObject([{ shard: 0, cause: expect.stringContaining('SIGKILL') as string }])
      expect(of('shard-finished')).toMatchObject([{ shard: 1 }])
    })

    test.each<[string, Behaviour, RegExp]>([
      ['a crash', 'crash', /exit code 1: the demo crashed/],
      ['a failure', 'fail', /the demo failed in order/],
      ['a message nobody understands', 'babble', /agreed shape/],
    ])('%s of a generator loses its shard, with its last words', async (_, behaviour, cause) => {
      const prepared = await prepare({ durationMs: 400, behaviours: { 1: behaviour } })
      prepared.start()
      await prepared.ended
      expect(of('shard-lost')).toMatchObject([{ shard: 1, cause: expect.stringMatching(cause) as string }])
      expect(of('snapshot', 1).length).toBeGreaterThan(0)
      expect(of('shard-finished')).toMatchObject([{ shard: 0 }])
    })

    test('who is not behind with reading is told so at once: during the load, after it, and when all is closed', async () => {
      const prepared = await prepare({ durationMs: 60_000 })
      prepared.start()
      await Promise.all([seen('snapshot', 0), seen('snapshot', 1)])
      const before = Date.now()
      await prepared.caughtUp()
      expect(of('shard-finished')).toEqual([])
      prepared.stop(0)
      await prepared.ended
      const told = events.length
      await prepared.caughtUp()
      expect(events).toHaveLength(told)
      await prepared.close()
      await prepared.caughtUp()
      expect(Date.now() - before).toBeLessThan(9_000)
    })

    test('stopping reaches every shard, with the drain it may take', async () => {
      const prepared = await prepare({ durationMs: 60_000 })
      prepared.start()
      await Promise.all([seen('snapshot', 0), seen('snapshot', 1)])
      prepared.stop(17)
      await prepared.ended
      expect(of('shard-finished')).toHaveLength(2)
      for (const shard of [0, 1]) expect(of('snapshot', shard).at(-1)?.snapshot.counters.bytesSent).toBe(17)
    })

    test('a second stop leaves less time than the first', async () => {
      const prepared = await prepare({ durationMs: 60_000, behaviours: { 0: 'deaf' } })
      prepared.start()
      await Promise.all([seen('snapshot', 0), seen('snapshot', 1)])
      prepared.stop(60_000)
      prepared.stop(0)
      await prepared.ended
      expect(of('shard-lost')).toMatchObject([{ shard: 0, cause: 'did not end in time' }])
    })

    test('two runs at once do not disturb each other, and who makes their load is known where it is not this machine alone', async () => {
      const fabric = createFabric()
      const told: FabricEvent[] = []
      const [first, second] = await Promise.all([
        prepare({ shards: 4, durationMs: 400 }),
        fabric.prepare(requestOf({ shards: 1, durationMs: 60_000 }, told)),
      ])
      try {
        first.start()
        second.start()
        await first.ended
        expect(of('shard-finished')).toHaveLength(4)
        await vi.waitFor(() => expect(told).not.toEqual([]), { timeout: 10_000 })
        expect(told.every(({ type }) => type === 'snapshot' || type === 'samples')).toBe(true)
        const holders = first.agents?.() ?? [{ shards: [0, 1, 2, 3], holds: [], workers: 1, isLost: false }]
        expect(holders.flatMap(({ shards }) => shards).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
        for (const { holds, isLost, workers } of holders)
          expect({ holds, isLost, workers }).toMatchObject({ holds: [], isLost: false })
        expect((second.agents?.() ?? [{ holds: [0] }]).flatMap(({ holds }) => holds)).toEqual([0])
      } finally {
        await second.close()
      }
    })

    test('a run stopped before it started ends without load', async () => {
      const prepared = await prepare({ durationMs: 60_000 })
      prepared.stop(0)
      await prepared.ended
      expect(of('shard-finished')).toMatchObject([{ snapshots: 0 }, { snapshots: 0 }])
    })

    test('a generator that ignores the stop, or is frozen, is killed and lost', async () => {
      const prepared = await prepare({ shards: 3, durationMs: 60_000, behaviours: { 0: 'deaf' } })
      prepared.start()
      await Promise.all([seen('snapshot', 0), seen('snapshot', 1)])
      process.kill(pidOf(1), 'SIGSTOP')
      prepared.stop(0)
      await prepared.ended
      expect(of('shard-lost').map(({ shard, cause }) => [shard, cause])).toEqual(
        expect.arrayContaining([
          [0, 'did not end in time'],
          [1, 'did not end in time'],
        ]),
      )
      expect(of('shard-finished')).toMatchObject([{ shard: 2 }])
    })

    test('changes reach every shard, each once, with the instant they are for', async () => {
      const prepared = await prepare({ durationMs: 60_000 })
      prepared.start()
      prepared.control({ type: 'pause', atMs: 17 })
      prepared.control({ type: 'resume', atWallMs: Date.now() + 60_000 })
      prepared.control({ type: 'set-clients', atMs: 20, clients: 5 })
      prepared.control({ type: 'set-rate', atMs: 30, factor: 2 })
      for (const shard of [0, 1]) {
        const counters = () => of('snapshot', shard).at(-1)?.snapshot.counters
        await vi.waitFor(() => expect(counters()).toMatchObject({ sessionsOpened: 17, clientsFinished: 2_005 }), {
          timeout: 10_000,
        })
        // On the generator's own clock, less the way the message took.
        expect(counters()?.bytesReceived).toBeGreaterThan(40_000)
        expect(counters()?.bytesReceived).toBeLessThan(61_000)
      }
    })

    test('closing leaves nothing, at any time and twice', async () => {
      const prepared = await prepare({ durationMs: 60_000 })
      prepared.start()
      await seen('snapshot', 0)
      await Promise.all([prepared.close(), prepared.close()])
      expect(pidsIn(directory).filter(isAlive)).toEqual([])
      await prepared.ended
    })
  })
}
