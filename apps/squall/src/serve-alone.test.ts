// A server that makes the load itself, on one machine and with nothing installed.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, ScriptedServer } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { echoPack } from './test/echo-pack.ts'
import { startServe, type RunningServe } from './test/start-serve.ts'

async function startTarget(): Promise<ScriptedServer> {
  const target = await ScriptedServer.start()
  onTestFinished(() => target[Symbol.asyncDispose]())
  return target
}

const long = { packText: echoPack('clients: 2, spawnRate: 100, duration: 120s'), workers: 1 }

test('one run makes load and the next one waits; each is steered, stopped, read and removed by its id [D1]', async () => {
  const target = await startTarget()
  const serve = await startServe([])
  const [first, second, third] = [
    await serve.submit({ ...long, name: 'first', target: target.url }),
    await serve.submit({ ...long, name: 'second', target: target.url, duration: '1s' }),
    await serve.submit({ ...long, name: 'third', target: target.url }),
  ]
  await serve.until(first, ({ live }) => (live?.ok ?? 0) > 5)
  expect((await serve.ask('GET', '/runs')).json).toMatchObject({
    runs: [
      { pack: 'third', state: 'queued' },
      { pack: 'second', state: 'queued' },
      { pack: 'first', state: 'running', fabric: 'local' },
    ],
  })
  expect((await serve.ask('GET', '/runs?limit=1')).json).toMatchObject({ runs: [{ id: third }] })
  const control = (id: string, body: unknown) => serve.ask('POST', `/runs/${id}/control`, body)
  expect((await control(first, { clients: 5 })).status).toBe(202)
  await vi.waitUntil(() => target.sessions.size === 5, { timeout: 20_000 })
  expect((await control(first, { paused: true })).json).toMatchObject({ isPaused: true })
  await serve.until(first, ({ live }) => live?.phase === 'paused')
  expect((await control(first, { paused: false, resetNumbers: true })).json).toMatchObject({ isPaused: false })
  expect(await control(first, { rateFactor: 2 })).toMatchObject({
    status: 400,
    text: expect.stringContaining('clients') as string,
  })
  expect(await control(first, { clients: 1.5, speed: 1 })).toMatchObject({ status: 400 })
  expect(await control(second, { clients: 5 })).toMatchObject({ status: 409 })
  expect(await serve.ask('DELETE', `/runs/${first}`)).toMatchObject({ status: 409 })
  expect(await serve.ask('GET', `/runs/${first}/summary.json`)).toMatchObject({ status: 404 })
  expect((await serve.ask('POST', `/runs/${third}/stop`)).json).toMatchObject({ state: 'cancelled', exitCode: 130 })
  await serve.ask('POST', `/runs/${first}/stop`)
  expect(await serve.over(first)).toMatchObject({ state: 'ended', verdict: 'stopped', exitCode: 130 })
  const { events, run } = await serve.summary(first)
  expect(events.map(({ text }) => text.replace(/ after.*|:.*/, ''))).toEqual([
    'clients set to 5',
    'paused',
    'numbers reset',
    'resumed',
    'stopped by hand',
  ])
  expect(run).toMatchObject({ id: first, fabric: 'local', workers: 1 })
  expect((await serve.over(second)).state).toBe('ended')
  expect((await serve.summary(second)).totals.calls).toBeGreaterThan(10)
  for (const [name, type] of [
    ['report.html', 'text/html'],
    ['report.md', 'text/markdown'],
    ['junit.xml', 'application/xml'],
  ] as const) {
    const { status, headers } = await serve.ask('GET', `/runs/${second}/${name}`)
    expect([status, headers.get('content-type')], name).toEqual([200, expect.stringContaining(type)])
    expect(headers.get('content-security-policy')).toBe('sandbox allow-scripts')
  }
  expect((await serve.ask('POST', `/runs/${second}/stop`)).json).toMatchObject({ state: 'ended' })
  expect((await serve.ask('DELETE', `/runs/${second}`)).status).toBe(204)
  expect((await serve.ask('GET', `/runs/${second}`)).status).toBe(404)
  expect(existsSync(join(serve.directory, 'squall-runs', second))).toBe(false)
  expect((await serve.ask('GET', '/agents')).json).toMatchObject({ fabric: 'local', agents: [] })
})

test('a run that cannot make load says why, and the next one has its turn', async () => {
  const target = await startTarget()
  const serve = await startServe(['--keep', '1'])
  const nobody = await serve.submit({ ...long, target: `http://127.0.0.1:${await freePort()}/mcp` })
  expect(await serve.over(nobody)).toMatchObject({
    state: 'failed',
    exitCode: 6,
    failure: { code: 'CONTROLLER_TARGET_UNREACHABLE', message: expect.stringContaining('cannot be reached') as string },
  })
  expect((await serve.ask('GET', `/runs/${nobody}/report.html`)).json).toMatchObject({
    error: { code: 'SQUALL_SERVE_NO_REPORT', message: 'the run is failed' },
  })
  const next = await serve.submit({ ...long, target: target.url, rate: 20 })
  await serve.until(next, ({ live }) => (live?.ok ?? 0) > 5)
  const control = (body: unknown) => serve.ask('POST', `/runs/${next}/control`, body)
  expect(await control({ clients: 5 })).toMatchObject({ status: 400, text: expect.stringContaining('rateFactor') as string })
  expect((await control({ rateFactor: 2 })).status).toBe(202)
  // Asked twice, it waits for no call.
  for (let asked = 0; asked < 2; asked++) await serve.ask('POST', `/runs/${next}/stop`)
  expect((await serve.over(next)).state).toBe('ended')
  expect((await serve.summary(next)).events.map(({ text }) => text)).toContain('rate set to 200 % of the plan')
  // No more than one that is over is kept.
  await vi.waitUntil(async () => (await serve.ask('GET', `/runs/${nobody}`)).status === 404, { timeout: 10_000 })
})

test('a server that is told to stop ends the run it makes with a report, and begins the one that waits when it is started again', async () => {
  const target = await startTarget()
  const serve = await startServe([])
  const running = await serve.submit({ ...long, target: target.url })
  const waiting = await serve.submit({ ...long, target: target.url, duration: '1s' })
  await serve.until(running, ({ live }) => (live?.ok ?? 0) > 5)
  const folder = join(serve.directory, 'squall-runs')
  expect(statSync(folder).mode & 0o077).toBe(0)
  expect(statSync(join(folder, waiting, 'order.json')).mode & 0o077).toBe(0)
  serve.child.kill('SIGTERM')
  const { code, stderr } = await serve.ended
  expect(code, stderr).toBe(0)
  const counted = target.counts.toolCalls
  const again = await startServe([], { cwd: serve.directory })
  expect(await again.view(running)).toMatchObject({ state: 'ended', verdict: 'stopped' })
  const { totals, warmUp } = await again.summary(running)
  expect(totals.calls + warmUp.calls).toBe(counted)
  expect(await again.over(waiting)).toMatchObject({ state: 'ended' })
  // What may hold tokens goes with the end of its run.
  await vi.waitUntil(() => !readdirSync(join(folder, waiting)).includes('order.json'), { timeout: 10_000 })
})

test('a run of this machine is lost with a server that is killed, and says so afterwards', async () => {
  const target = await startTarget()
  const serve = await startServe([])
  const id = await serve.submit({ ...long, target: target.url })
  await serve.until(id, ({ live }) => (live?.ok ?? 0) > 5)
  serve.child.kill('SIGKILL')
  await serve.ended
  const again = await startServe([], { cwd: serve.directory })
  expect(await again.view(id)).toMatchObject({ state: 'failed', exitCode: 8, failure: { code: 'SQUALL_SERVE_RUN_LOST' } })
})

const post = (server: RunningServe, body: unknown, key: string) => server.ask('POST', '/runs', body, { 'idempotency-key': key })

test('a run that is asked for again with its key is the same one, over a restart too, and the key is good for nothing else', async () => {
  const target = await startTarget()
  const serve = await startServe([])
  const body = { ...long, name: 'mine', target: target.url, duration: '1s' }
  // What was refused keeps no key.
  expect((await post(serve, { ...body, workers: 'many' }, 'job-7')).status).toBe(400)
  const replies = await Promise.all([1, 2, 3].map(() => post(serve, body, 'job-7')))
  const ids = new Set(replies.map(({ json }) => (json as { id: string }).id))
  expect([replies.map(({ status }) => status), ids.size]).toEqual([[202, 202, 202], 1])
  expect(replies.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(2)
  const [id = ''] = ids
  expect(await post(serve, { ...body, duration: '2s' }, 'job-7')).toMatchObject({
    status: 422,
    json: { error: { code: 'SQUALL_SERVE_KEY_REUSED', message: `run ${id} was asked for with the key job-7, by another body` } },
  })
  for (const bad of ['', 'two words', 'x'.repeat(201), 'k\u00e9y'])
    expect(await post(serve, body, bad)).toMatchObject({
      status: 400,
      text: expect.stringContaining('idempotency-key') as string,
    })
  expect((await serve.over(id)).state).toBe('ended')
  serve.child.kill('SIGKILL')
  await serve.ended
  const again = await startServe([], { cwd: serve.directory })
  const inOtherOrder = Object.fromEntries(Object.entries(body).toReversed())
  expect((await post(again, inOtherOrder, 'job-7')).json).toMatchObject({ id, state: 'ended' })
  expect((await post(again, body, 'job-8')).json).not.toMatchObject({ id })
  expect((await again.ask('DELETE', `/runs/${id}`)).status).toBe(204)
  expect((await post(again, body, 'job-7')).json).not.toMatchObject({ id })
})
