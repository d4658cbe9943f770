import { expect, test, vi } from 'vitest'
import { echoPack } from './test/echo-pack.ts'
import { startFleet } from './test/fleet.ts'
import { startServe } from './test/start-serve.ts'

/** Of a run that lost nothing; a machine that is busy with other tests may hold its generators back. */
const wholeRun = [0, 5]

test('a run that is asked for over HTTP is made by the agents, and its report counts what the target counted', async () => {
  const fleet = await startFleet()
  await fleet.startAgent({ workers: 2 })
  const serve = await startServe(['--fabric', fleet.redis.url])
  const { json: agents } = await serve.ask('GET', '/agents')
  expect(agents).toMatchObject({ fabric: 'bullmq', agents: [{ workers: 2, host: expect.any(String) as string }] })
  const id = await serve.submit({ packText: echoPack(), name: 'echoes', target: fleet.target.url, duration: '3s' })
  const running = await serve.until(id, ({ live }) => (live?.ok ?? 0) > 0)
  expect(running).toMatchObject({ state: 'running', pack: 'echoes', live: { durationSeconds: 3, phase: 'running' } })
  const ended = await serve.over(id)
  expect(wholeRun, JSON.stringify(ended)).toContain((ended as { exitCode?: number }).exitCode)
  const summary = await serve.summary(id)
  expect(summary.run).toMatchObject({ id, fabric: 'bullmq', workers: 2, pack: 'echoes' })
  expect(summary.totals.calls).toBe(fleet.calls.length)
  expect(summary.totals.calls).toBeGreaterThan(60)
  expect((await serve.ask('GET', `/runs/${id}/report.html`)).text).toContain('echoes')
})

test('a server that is killed in mid-run and started again goes on with the run, and ends it with every number', async () => {
  const fleet = await startFleet()
  await fleet.startAgent({ workers: 2 })
  const first = await startServe(['--fabric', fleet.redis.url])
  const id = await first.submit({ packText: echoPack(), target: fleet.target.url, duration: '14s', lease: '4s' })
  await vi.waitUntil(() => fleet.calls.length > 60, { timeout: 60_000 })
  first.child.kill('SIGKILL')
  await first.ended
  const second = await startServe(['--fabric', fleet.redis.url], { cwd: first.directory })
  const ended = await second.over(id)
  expect(wholeRun, JSON.stringify(ended)).toContain((ended as { exitCode?: number }).exitCode)
  const summary = await second.summary(id)
  expect(summary.loss.gaps).toEqual([])
  expect(summary.run.id).toBe(id)
  expect(summary.totals.calls).toBe(fleet.calls.length)
  expect(fleet.calls.length).toBeGreaterThan(600)
})
