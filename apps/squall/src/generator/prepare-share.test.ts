import type { LoadPlan } from '@squall/load-plan'
import type { Assignment } from '@squall/load-protocol'
import type { FailureSample, Snapshot } from '@squall/metrics'
import { ScriptedServer, type ScriptedServerOptions } from '@squall/testing'
import { systemClock } from '@squall/time'
import { expect, onTestFinished, test, vi } from 'vitest'
import { waiting } from '../test/run-squall.ts'
import { prepareShare } from './prepare-share.ts'

/** Clients that call `echo` on a beat of a tenth of a second. */
const pacedPlan = (target: string, durationMs: number): LoadPlan => ({
  version: 1,
  name: 'paced',
  target,
  seed: 1,
  model: { type: 'closed', clients: 5, spawnRatePerSecond: 1_000, durationMs },
  scenarios: [
    {
      name: 'echo',
      weight: 1,
      client: { clientKind: 'http_client', transport: 'streamable-http', protocolVersion: 'auto', headers: {} },
      flow: [{ callTool: { name: 'echo', arguments: { text: 'hi' } } }, { pace: 0.1 }],
    },
  ],
  payloads: [],
  variables: {},
  requestTimeoutMs: 10_000,
  maxLagMs: 30_000,
  warmUpMs: 0,
  thresholds: [],
})

const assignment = (plan: LoadPlan): Assignment => ({ runId: 'r', plan, share: { index: 0, count: 1 }, epoch: 1 })

const callsOf = ({ series }: Snapshot): number =>
  series.filter(({ key }) => key.method === 'tools/call').reduce((sum, { ok, failed }) => sum + ok + failed, 0)

async function start(durationMs: number, options?: ScriptedServerOptions) {
  const server = await ScriptedServer.start(options)
  onTestFinished(() => server[Symbol.asyncDispose]())
  const share = prepareShare(assignment(pacedPlan(server.url, durationMs)))
  const seconds: Snapshot[] = []
  const shown: FailureSample[] = []
  const startAtMs = systemClock.monotonicMs()
  const ended = share.run(
    { startAtMs, fromMs: 0, pausedMs: 0 },
    (snapshot) => seconds.push(snapshot),
    (samples) => shown.push(...samples),
  )
  return { server, share, seconds, shown, ended, startAtMs }
}

test('a share keeps its beat, and every call the target saw is in some second', async () => {
  const { server, seconds, ended } = await start(1_000)
  await ended
  expect(seconds.reduce((sum, second) => sum + callsOf(second), 0)).toBe(server.counts.toolCalls)
  // Five clients have ten beats each, less those that passed while they opened.
  expect(server.counts.toolCalls).toBeGreaterThan(10)
  expect(server.counts.toolCalls).toBeLessThanOrEqual(50)
  expect(seconds[0]?.clients).toEqual({ http_client: 5 })
})

test('in a pause no call is made; after it the load goes on where it stood', async () => {
  const { server, share, seconds, ended, startAtMs } = await start(1_500)
  await vi.waitUntil(() => server.counts.toolCalls > 10, waiting)
  share.pause(systemClock.monotonicMs() - startAtMs)
  await vi.waitUntil(() => seconds.some((second) => callsOf(second) === 0), waiting)
  const whilePaused = server.counts.toolCalls
  share.resume(systemClock.monotonicMs())
  await ended
  expect(server.counts.toolCalls).toBeGreaterThan(whilePaused)
  // Fifteen beats of five clients, as without a pause: none is made up for.
  expect(server.counts.toolCalls).toBeLessThanOrEqual(75)
})

test('a share that is told to stop sends what it made, and ends', async () => {
  const { server, share, seconds, ended } = await start(60_000)
  await vi.waitUntil(() => server.counts.toolCalls > 10, waiting)
  share.stop(1_000)
  await ended
  expect(seconds.reduce((sum, second) => sum + callsOf(second), 0)).toBe(server.counts.toolCalls)
  expect(seconds.flatMap(({ series }) => series.flatMap(({ errors }) => Object.keys(errors)))).toEqual([])
})

test('of calls that fail, a few are shown with what was asked and answered', async () => {
  const { shown, ended } = await start(1_000, { fault: ({ method }) => (method === 'tools/call' ? 'is-error' : undefined) })
  await ended
  expect(shown).toHaveLength(5)
  expect(shown[0]).toMatchObject({
    code: 'tool.is_error',
    name: 'echo',
    request: expect.stringContaining('"text":"hi"') as string,
  })
})
