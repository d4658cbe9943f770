import { CodedError } from '@squall/errors'
import type { GeneratorCommand } from '@squall/load-protocol'
import { systemClock, type Clock } from '@squall/time'
import { forkGenerator } from '../child-generator.ts'
import { fabricErrors } from '../errors.ts'
import type { Fabric, PreparedRun, RunRequest } from '../fabric.ts'
import { startShard, type ShardRun } from '../shard-run.ts'

export interface LocalFabricOptions {
  /** The generator program's main file, which calls `runGenerator`. */
  readonly generator: URL
  readonly clock?: Clock
  /** How long all generators may take to be ready. */
  readonly readyTimeoutMs?: number
  /** From the agreement on T0 to T0: enough for the message to reach every generator. */
  readonly startLeadMs?: number
  /** How long after its drain a generator may take to send its last numbers. */
  readonly finishGraceMs?: number
}

const defaults = { clock: systemClock, readyTimeoutMs: 60_000, startLeadMs: 250, finishGraceMs: 1_300 }
const epoch = 1
/** A generator that has finished exits by itself at once. */
const exitGraceMs = 500

/** The fabric of one machine: one generator process for each shard, and nothing to install. */
export function createLocalFabric(options: LocalFabricOptions): Fabric {
  const settings = { ...defaults, ...options }
  return {
    name: 'local',
    prepare: async (request) => {
      request.signal.throwIfAborted()
      const shards = startShards(request, settings)
      try {
        await allReady(shards, request.signal, settings)
      } catch (error) {
        await closeAll(shards, 0)
        throw error
      }
      return preparedRun(shards, settings)
    },
  }
}

type Settings = typeof defaults & LocalFabricOptions

function startShards({ runId, plan, shards: count, onEvent }: RunRequest, { generator, clock }: Settings): ShardRun[] {
  return Array.from({ length: count }, (_, index) =>
    startShard(forkGenerator(generator), { runId, plan, share: { index, count }, epoch }, clock, onEvent),
  )
}

async function allReady(shards: readonly ShardRun[], signal: AbortSignal, { clock, readyTimeoutMs }: Settings): Promise<void> {
  const given = Promise.withResolvers<never>()
  const timer = clock.at(clock.monotonicMs() + readyTimeoutMs, () => given.reject(notReady(readyTimeoutMs)))
  // The reason is whatever the aborter chose, an Error by convention.
  const giveUp = (): void => given.reject(signal.reason as Error)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await Promise.race([Promise.all(shards.map(({ ready }) => ready)), given.promise])
  } finally {
    timer.cancel()
    signal.removeEventListener('abort', giveUp)
  }
}

function notReady(readyTimeoutMs: number): CodedError {
  return new CodedError(fabricErrors.FABRIC_GENERATOR_DID_NOT_START, {
    message: `the generators were not ready within ${readyTimeoutMs / 1000} s`,
  })
}

async function closeAll(shards: readonly ShardRun[], graceMs: number): Promise<void> {
  await Promise.all(shards.map((shard) => shard.close(graceMs)))
}

function preparedRun(shards: readonly ShardRun[], { clock, startLeadMs, finishGraceMs }: Settings): PreparedRun {
  let hasEnded = false
  let sequence = 0
  const ended = Promise.all(shards.map(({ ended }) => ended)).then(() => void (hasEnded = true))
  const tell = (command: GeneratorCommand): void => shards.forEach(({ generator }) => generator.send(command))
  return {
    start: () => {
      const startAtWallMs = clock.wallMs() + startLeadMs
      tell({ type: 'start', startAtWallMs, fromMs: 0, pausedMs: 0 })
      return startAtWallMs
    },
    control: (control) => tell({ type: 'control', sequence: ++sequence, control }),
    stop: (drainMs) => {
      tell({ type: 'stop', drainMs })
      const byMs = clock.monotonicMs() + drainMs + finishGraceMs
      for (const shard of shards) shard.endBy(byMs)
    },
    ended,
    // Generators talk to this process itself.
    caughtUp: () => Promise.resolve(),
    close: () => closeAll(shards, hasEnded ? exitGraceMs : 0),
  }
}
