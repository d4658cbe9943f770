import { systemClock, type Clock } from '@squall/time'
import type { Redis } from 'ioredis'
import type { Seal } from '../seal.ts'
import { defaultLeaseMs } from '../timings.ts'

export interface BullmqFabricOptions {
  /** `redis://…` or `rediss://…` */
  readonly url: string
  /** What agents must share; none unless given. */
  readonly secret?: string | undefined
  readonly squallVersion: string
  /** How long a share stays with an agent that is not heard of before another one takes it. */
  readonly leaseMs?: number
  /** How many agents a run waits for before it begins. */
  readonly leastAgents?: number
  /** How long these may be waited for. */
  readonly agentPatienceMs?: number
  /** How long all generators may take to be ready. */
  readonly readyTimeoutMs?: number
  /** From the agreement on T0 to T0 at least; longer where Redis is far. */
  readonly leastLeadMs?: number
  /** How long a run that is over waits for a Redis that is away, to tell its agents so: until then they may go on. */
  readonly farewellMs?: number
  /** What a person should know while it happens: agents that come and go. */
  readonly onNotice?: (text: string) => void
  readonly clock?: Clock
}

export const fabricDefaults = {
  clock: systemClock,
  leaseMs: defaultLeaseMs,
  leastAgents: 1,
  agentPatienceMs: 10_000,
  readyTimeoutMs: 60_000,
  leastLeadMs: 1_500,
  farewellMs: 2_500,
  onNotice: (_text: string): void => undefined,
}

export type FabricSettings = typeof fabricDefaults & BullmqFabricOptions

/** What every part of a run's controller needs. */
export interface FabricContext {
  readonly redis: Redis
  /** Its address, without a password. */
  readonly shown: string
  readonly seal: Seal
  readonly settings: FabricSettings
}
