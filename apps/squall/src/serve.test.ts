import { PartitionProxy } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { echoPack } from './test/echo-pack.ts'
import { startFleet } from './test/fleet.ts'
import { startServe } from './test/start-serve.ts'
import { wholeRun } from './test/whole-run.ts'

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

test('runs whose turn comes while Redis is away wait for it, say so, and can be stopped', async () => {
  const fleet = await startFleet()
  const serve = await startServe(['--fabric', fleet.redis.url, '--at-once', '2'])
  const short = { packText: echoPack(), target: fleet.target.url, duration: '1s' }
  // Until an agent comes.
  const patient = await serve.submit({ ...short, agents: 2 })
  await serve.until(patient, ({ state }) => state === 'preparing')
  await fleet.redis.kill()
  const [first, second] = [await serve.submit(short), await serve.submit(short)]
  const waiting = await serve.until(first, ({ waitsFor }) => waitsFor !== undefined)
  expect(waiting).toMatchObject({
    state: 'preparing',
    waitsFor: expect.stringMatching(/^redis:\S+ cannot be reached: .*; it is waited for, 10 minutes at most$/) as string,
  })
  expect(serve.saidSoFar()).toContain(`run ${first}: waits: redis://`)
  // Redis would have to be asked for its agents.
  await serve.ask('POST', `/runs/${patient}/stop`)
  expect(await serve.over(patient)).toMatchObject({ state: 'cancelled' })
  await serve.until(second, ({ waitsFor }) => waitsFor !== undefined)
  await serve.ask('POST', `/runs/${second}/stop`)
  expect(await serve.over(second)).toMatchObject({ state: 'cancelled', exitCode: 130 })
  await fleet.redis.start()
  await fleet.startAgent()
  const ended = await serve.over(first)
  expect(wholeRun, JSON.stringify(ended)).toContain('exitCode' in ended ? ended.exitCode : ended.state)
  expect(ended.waitsFor).toBeUndefined()
})

test('a server that finds Redis away when it is started again goes on with its run once that is back, and stops it as it was asked to meanwhile [D4]', async () => {
  const fleet = await startFleet()
  await fleet.startAgent()
  const first = await startServe(['--fabric', fleet.redis.url])
  const id = await first.submit({ packText: echoPack(), target: fleet.target.url, duration: '120s' })
  await vi.waitUntil(() => fleet.calls.length > 60, { timeout: 60_000 })
  first.child.kill('SIGKILL')
  await first.ended
  await fleet.redis.kill()
  const second = await startServe(['--fabric', fleet.redis.url], { cwd: first.directory })
  expect(second.saidSoFar()).toContain('the run that this server has to go on with will wait for it')
  expect(await second.ask('GET', '/agents')).toMatchObject({ status: 503 })
  expect(await second.until(id, ({ waitsFor }) => waitsFor !== undefined)).toMatchObject({ state: 'running' })
  expect((await second.ask('POST', `/runs/${id}/stop`)).json).toMatchObject({ state: 'running' })
  await fleet.redis.start()
  expect(await second.over(id)).toMatchObject({ state: 'ended', verdict: 'stopped' })
  expect((await second.summary(id)).totals.calls).toBe(fleet.calls.length)
  expect((await second.ask('GET', '/agents')).json).toMatchObject({ agents: [{ workers: 1 }] })
})

test('what a server was asked while it was cut off from Redis is done by the next one, where it is killed at once', async () => {
  const fleet = await startFleet()
  await fleet.startAgent({ workers: 2 })
  const proxy = await PartitionProxy.start(fleet.redis.port)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const args = ['--fabric', `redis://127.0.0.1:${proxy.port}`, '--at-once', '3']
  const first = await startServe(args)
  const long = { packText: echoPack(), target: fleet.target.url, duration: '120s', workers: 1 }
  const [steered, stopped] = [await first.submit(long), await first.submit(long)]
  for (const id of [steered, stopped]) await first.until(id, ({ live }) => (live?.ok ?? 0) > 20)
  proxy.cut()
  expect(await first.ask('POST', `/runs/${steered}/control`, { clients: 5 })).toMatchObject({ status: 202 })
  expect(await first.ask('POST', `/runs/${stopped}/stop`)).toMatchObject({ status: 202 })
  // It waits for an answer of Redis, which takes longer than a caller who stops it.
  const beginning = await first.submit(long)
  await first.until(beginning, ({ state }) => state === 'preparing')
  await first.ask('POST', `/runs/${beginning}/stop`)
  expect((await first.view(beginning, '?wait=3s')).state).toBe('cancelled')
  first.child.kill('SIGKILL')
  await first.ended
  proxy.heal()
  const second = await startServe(args, { cwd: first.directory })
  expect(await second.over(stopped)).toMatchObject({ state: 'ended', verdict: 'stopped' })
  await vi.waitUntil(() => fleet.target.sessions.size === 5, { timeout: 20_000 })
  await second.ask('POST', `/runs/${steered}/stop`)
  expect(await second.over(steered)).toMatchObject({ state: 'ended', verdict: 'stopped' })
  const { events } = await second.summary(steered)
  expect(events.map(({ text }) => text)).toEqual(['clients set to 5', 'stopped by hand'])
})
