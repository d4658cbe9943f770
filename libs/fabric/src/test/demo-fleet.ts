import { randomUUID } from 'node:crypto'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, vi } from 'vitest'
import {
  openBullmqFabric,
  runAgent,
  type AgentOptions,
  type BullmqFabric,
  type BullmqFabricOptions,
  type FabricEvent,
  type RunRequest,
} from '../index.ts'
import { demoPlan } from './demo-plan.ts'

export const squallVersion = '1.2.3'

/** Agents and controllers of this process at a Redis, gone with the test. */
export interface DemoFleet {
  /** @returns what stops it. */
  readonly startAgent: (options?: Partial<AgentOptions>) => Promise<() => Promise<void>>
  readonly openFabric: (options?: Partial<BullmqFabricOptions>) => Promise<BullmqFabric>
}

/** @param redis is asked for its address when somebody connects. */
export function demoFleet(redis: () => { readonly url: string }): DemoFleet {
  return {
    startAgent: async (options = {}) => {
      const leaving = new AbortController()
      const ready = Promise.withResolvers<unknown>()
      const working = runAgent({
        url: redis().url,
        workers: 1,
        squallVersion,
        generator: new URL('./demo-generator.ts', import.meta.url),
        say: () => undefined,
        onReady: ready.resolve,
        stopping: leaving.signal,
        ...options,
      })
      const stop = (): Promise<void> => {
        leaving.abort(new Error('enough'))
        return working
      }
      onTestFinished(stop)
      await Promise.race([ready.promise, working])
      return stop
    },
    openFabric: async (options = {}) => {
      const timings = { leaseMs: 3_000, leastLeadMs: 300, agentPatienceMs: 1_500 }
      const fabric = await openBullmqFabric({ url: redis().url, squallVersion, ...timings, ...options })
      onTestFinished(() => fabric.close())
      return fabric
    },
  }
}

/** A run of the demo generator, and what is heard of it. */
export interface Trial {
  readonly request: RunRequest
  /** Where its generators leave their ids. */
  readonly directory: string
  readonly events: readonly FabricEvent[]
  readonly of: <T extends FabricEvent['type']>(type: T) => Extract<FabricEvent, { type: T }>[]
  /** Resolves once such an event has come. */
  readonly seen: (type: FabricEvent['type'], epoch?: number) => Promise<void>
}

export function trial(durationMs = 100, shards = 1): Trial {
  const directory = temporaryDirectory(onTestFinished)
  const events: FabricEvent[] = []
  const of = <T extends FabricEvent['type']>(type: T) =>
    events.filter((event): event is Extract<FabricEvent, { type: T }> => event.type === type)
  const request = {
    runId: randomUUID(),
    plan: demoPlan(durationMs, { directory, behaviours: {} }),
    shards,
    signal: new AbortController().signal,
    onEvent: (event: FabricEvent): void => void events.push(event),
  }
  const seen = (type: FabricEvent['type'], epoch = 1): Promise<void> =>
    vi.waitFor(() => expect(of(type).map((event) => event.epoch)).toContain(epoch), { timeout: 15_000, interval: 10 })
  return { request, directory, events, of, seen }
}
