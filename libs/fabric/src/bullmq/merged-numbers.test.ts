import type { FleetEvent } from '@squall/load-protocol'
import { GeneratorRecorder, LatencyHistogram, RunAggregate, type SeriesKey } from '@squall/metrics'
import { RedisServer } from '@squall/testing'
import { systemClock } from '@squall/time'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { Outbox } from './agent/outbox.ts'
import { ShardBook } from './controller/shard-book.ts'
import { runKeys } from './keys.ts'
import { fromLetter } from './letter.ts'
import { Seal } from './seal.ts'
import { followStream, type StreamEntry } from './stream-reader.ts'

let server: RedisServer
beforeAll(async () => {
  server = await RedisServer.start()
})
afterAll(() => server[Symbol.asyncDispose]())

interface Call {
  readonly shard: number
  readonly epoch: number
  readonly second: number
  readonly agent: number
  readonly serviceMs: number
  readonly waitedMs: number
  readonly tool: string
}

const calls = fc.array(
  fc.record<Call>({
    shard: fc.nat(3),
    epoch: fc.integer({ min: 1, max: 3 }),
    second: fc.nat(5),
    agent: fc.nat(2),
    serviceMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
    waitedMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
    tool: fc.constantFrom('echo', 'sum'),
  }),
  { maxLength: 300 },
)

const keyOf = (tool: string): SeriesKey => ({
  method: 'tools/call',
  tool,
  clientKind: 'http_client',
  transport: 'streamable-http',
  phase: '',
})
const health = { cpuMs: 1, wallMs: 1_000, rssBytes: 1, eventLoopUtilization: 0, eventLoopDelay: new Uint8Array() }

/** What the generators of each shard and epoch say, second by second. */
function snapshotsOf(made: readonly Call[]): { readonly agent: number; readonly event: FleetEvent }[] {
  const places = Map.groupBy(made, ({ shard, epoch }) => `${shard}.${epoch}`)
  return [...places.values()].flatMap((own) => {
    const { shard = 0, epoch = 0, agent = 0 } = own[0] ?? {}
    const recorder = new GeneratorRecorder()
    return [0, 1, 2, 3, 4, 5].map((second) => {
      for (const call of own) if (call.second === second) record(recorder, call)
      const snapshot = recorder.takeSnapshot(second, health)
      return { agent, event: { type: 'snapshot', shard, epoch, sequence: second, snapshot } as const }
    })
  })
}

const record = (recorder: GeneratorRecorder, { tool, serviceMs, waitedMs }: Call): void =>
  recorder.series(keyOf(tool)).record(serviceMs, serviceMs + waitedMs)

/** Sends them through Redis, each agent by itself, and merges what comes out as a controller does. */
async function throughRedis(redis: Redis, runId: string, made: readonly Call[]): Promise<RunAggregate> {
  const keys = runKeys(runId)
  const seal = new Seal('a secret')
  const outboxes = [0, 1, 2].map(
    (agent) => new Outbox({ redis, keys, seal, clock: systemClock, agent: `agent-${agent}`, shards: 4 }),
  )
  const sent = snapshotsOf(made)
  // As a controller does.
  await redis.xadd(keys.events, '*', 'opened', '1')
  for (const { agent, event } of sent) outboxes[agent]?.send(event)
  await Promise.all(outboxes.map((outbox) => outbox.flushed()))
  const aggregate = new RunAggregate()
  const all = Promise.withResolvers<void>()
  let received = 0
  const book = new ShardBook(4, {
    onEvent: (event) => {
      if (event.type !== 'snapshot') return
      const { shard, epoch, sequence, snapshot } = event
      aggregate.add(shard, epoch, sequence, snapshot)
      // A controller that takes a run over reads everything again.
      aggregate.add(shard, epoch, sequence, snapshot)
      if (++received === sent.length) all.resolve()
    },
    onReady: () => undefined,
    onEnded: () => undefined,
    onRefusal: all.reject,
    onNotice: () => undefined,
  })
  const take = (entry: StreamEntry): void => {
    const event = fromLetter(entry, seal, keys.events)
    if (event !== undefined) book.take(String(entry.get('agent')), event)
  }
  const reader = followStream(redis, keys.events, take, all.reject)
  if (sent.length > 0) await all.promise
  reader.close()
  await redis.del(keys.events)
  return aggregate
}

/** All of a histogram but its sum, whose last digits depend on the order of adding. */
const binsOf = (histogram: LatencyHistogram): unknown => ({
  bins: Buffer.from(histogram.encode().subarray(8)).toString('hex'),
  count: histogram.count,
  quantiles: [0.5, 0.9, 0.95, 0.99, 0.999].map((q) => histogram.quantileMs(q)),
})

test('however values are spread over agents, shards, epochs and seconds, all bins are those of one process that recorded them [D6]', async () => {
  const redis = new Redis(server.url)
  onTestFinished(() => redis.disconnect())
  let run = 0
  await fc.assert(
    fc.asyncProperty(calls, async (made) => {
      const aggregate = await throughRedis(redis, `bins-${run++}`, made)
      const { totals, tools } = aggregate.numbers()
      const alone = { service: new LatencyHistogram(), response: new LatencyHistogram() }
      for (const { serviceMs, waitedMs } of made) {
        alone.service.record(serviceMs)
        alone.response.record(serviceMs + waitedMs)
      }
      expect(binsOf(totals.service)).toEqual(binsOf(alone.service))
      expect(binsOf(totals.response)).toEqual(binsOf(alone.response))
      expect(totals.service.meanMs).toBeCloseTo(alone.service.meanMs, 3)
      expect([...tools.values()].reduce((sum, tool) => sum + tool.calls, 0)).toBe(made.length)
    }),
    { numRuns: 40 },
  )
})
