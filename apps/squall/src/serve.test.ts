import { expect, test, vi } from 'vitest'
import { echoPack } from './test/echo-pack.ts'
import { startFleet } from './test/fleet.ts'
import { startServe } from './test/start-serve.ts'

/** Of a run that lost nothing; a machine that is busy with other tests may hold its generators back. */
const wholeRun = [0, 5]

test('a run that is asked for over HTTP is made by the agents, and its report counts what the target counted [D1]', async () => {
  const fleet = await startFleet()
  await fleet.startAgent({ workers: 2 })
  const serve = await startServe(['--fabric', fleet.redis.url])
  const { json: agents } = await serve.ask('GET', '/agents')
  expect(agents).toMatchObject({ fabric: 'bullmq', agents: [{ workers: 2, host: expect.any(String) as string }] })
  const id = await serve.submit({ packText: echoPack(), name: 'echoes', target: fleet.target.url, duration: '3s' })
  const running = await serve.until(id, ({ live }) => (live?.ok ?? 0) > 0)
  expect(running).toMatchObject({ state: 'running', pack: 'echoes', live: { durationSeconds: 3, phase: 'running' } })
  const ended = await serve.over(id)
  expect(wholeRun, JSON.stringify(ended)).toContain('exitCode' in ended ? ended.exitCode : ended.state)
  const summary = await serve.summary(id)
  expect(summary.run).toMatchObject({ id, fabric: 'bullmq', workers: 2, pack: 'echoes' })
  expect(summary.totals.calls).toBe(fleet.calls.length)
  expect(summary.totals.calls).toBeGreaterThan(60)
  expect((await serve.ask('GET', `/runs/${id}/report.html`)).text).toContain('echoes')
  await fleet.redis.kill()
  expect(await serve.ask('GET', '/agents')).toMatchObject({ status: 503, json: { error: { code: 'FABRIC_REDIS_UNREACHABLE' } } })
  expect((await serve.ask('GET', '/healthz')).status).toBe(200)
})

test('a server that is killed, and one that is stopped, leave their runs to the next one, which ends them with every number and begins what had not begun [D1]', async () => {
  const fleet = await startFleet()
  await fleet.startAgent({ workers: 2 })
  const args = ['--fabric', fleet.redis.url, '--at-once', '2']
  const first = await startServe(args)
  const id = await first.submit({ packText: echoPack(), target: fleet.target.url, duration: '26s', lease: '4s' })
  // Agents are looked for before anything of a run is in Redis.
  const other = await first.submit({ packText: echoPack(), target: fleet.target.url, duration: '1s', agents: 2 })
  await first.until(other, ({ notes }) => notes.some(({ text }) => text === '1 of 2 agents are there'))
  await vi.waitUntil(() => fleet.calls.length > 60, { timeout: 60_000 })
  expect(await first.ask('POST', `/runs/${id}/control`, { clients: 4 })).toMatchObject({ status: 202 })
  await vi.waitUntil(() => fleet.target.sessions.size === 4, { timeout: 20_000 })
  first.child.kill('SIGKILL')
  await first.ended
  const second = await startServe(args, { cwd: first.directory })
  await second.until(id, ({ live }) => (live?.ok ?? 0) > 60)
  expect((await second.ask('POST', `/runs/${id}/control`, { clients: 6 })).status).toBe(202)
  await vi.waitUntil(() => fleet.target.sessions.size === 6, { timeout: 20_000 })
  second.child.kill('SIGTERM')
  const left = await second.ended
  expect(left.code, left.stderr).toBe(0)
  expect(left.stderr).toContain(`run ${id}: goes on at its agents`)
  const third = await startServe(args, { cwd: first.directory })
  const ended = await third.over(id)
  expect(wholeRun, JSON.stringify(ended)).toContain('exitCode' in ended ? ended.exitCode : ended.state)
  const { run, loss, totals, events } = await third.summary(id)
  expect(loss.gaps).toEqual([])
  expect(run.id).toBe(id)
  expect(totals.calls).toBe(fleet.calls.length)
  expect(totals.calls).toBeGreaterThan(1_000)
  expect(events.map(({ text }) => text)).toEqual(['clients set to 4', 'clients set to 6'])
  await fleet.startAgent({ workers: 1 })
  expect((await third.over(other)).state).toBe('ended')
  expect((await third.summary(other)).run).toMatchObject({ id: other, workers: 3 })
})
