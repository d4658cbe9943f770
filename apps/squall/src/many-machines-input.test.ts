// What may be wrong with machines and their Redis, as their users meet it; `@squall/fabric` proves the rest of it on its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RedisServer, freePort, makeCertificates, temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { packWithProgram, pacedPack, startFleet } from './test/fleet.ts'
import { squall, startSquall, type RunningSquall, type SquallOptions } from './test/run-squall.ts'
import { wholeRun } from './test/whole-run.ts'

const program = fileURLToPath(new URL('../bin/squall', import.meta.url))
async function startAgent(url: string, options: SquallOptions = {}): Promise<RunningSquall> {
  const agent = startSquall(['agent', '--workers', '1'], { ...options, env: { SQUALL_FABRIC: url, ...options.env } })
  await agent.said('waits for runs')
  return agent
}

test('a Redis with TLS of an authority of its own and a user with few rights is all that a run needs', async () => {
  const certificates = makeCertificates()
  onTestFinished(() => certificates[Symbol.dispose]())
  const { cert, key } = certificates.server
  const port = await freePort()
  const tls = ['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', certificates.ca]
  // As docs/distributed.md says it.
  const user = '--user squall on >geheim ~squall:* +@all -@admin -@dangerous +info'.split(' ')
  const redis = await RedisServer.start(...tls, '--tls-auth-clients', 'no', ...user)
  onTestFinished(() => redis[Symbol.asyncDispose]())
  const fleet = await startFleet()
  const url = `rediss://squall:geheim@localhost:${port}`
  const env = { NODE_EXTRA_CA_CERTS: certificates.ca }
  const agent = await startAgent(url, { env })
  const { code, stderr, summary } = await squall(['run', 'pack.yml', '--target', fleet.target.url, '--report', 'report'], {
    files: pacedPack(2),
    env: { ...env, SQUALL_FABRIC: url },
  })
  expect(wholeRun, stderr).toContain(code)
  expect(summary?.totals.calls).toBe(fleet.calls.length)
  expect(fleet.calls.length).toBeGreaterThan(60)
  agent.child.kill('SIGTERM')
  const ended = await agent.ended
  expect(ended.code).toBe(130)
  expect(stderr + ended.stderr).not.toContain('geheim')
})

test('a password that is wrong is told before a run, without the password', async () => {
  const redis = await RedisServer.start('--requirepass', 'geheim')
  onTestFinished(() => redis[Symbol.asyncDispose]())
  const fabric = `redis://:falsch@127.0.0.1:${redis.port}`
  const args = ['run', 'pack.yml', '--target', 'http://127.0.0.1:1/mcp', '--fabric', fabric]
  const { code, stderr } = await squall(args, { files: pacedPack(2) })
  expect(code, stderr).toBe(9)
  expect(stderr).toMatch(/^error: redis:\/\/\*\*\*@127\.0\.0\.1:\d+ does not let this machine in: WRONGPASS/m)
  expect(stderr).toContain('[FABRIC_REDIS_REFUSED]')
  expect(stderr).not.toContain('falsch')
})

test('data travels, and packages from npm are found where the agent was started, or their absence is told', async () => {
  const fleet = await startFleet()
  const packages = {
    'node_modules/greeter/package.json': '{ "name": "greeter", "type": "module", "exports": "./index.js" }',
    'node_modules/greeter/index.js': 'export const greet = (name) => `hello ${name}`\n',
  }
  const files = {
    ...packages,
    ...packWithProgram('payload: { path: names.csv, fields: [name] }\n  squall: { clients: 2, spawnRate: 1000, duration: 2s }', {
      imports: `{ greet } from 'greeter'`,
      text: "greet(String(vars['name']))",
    }),
    'names.csv': 'Ann\nBen\n',
  }
  const bare = await startAgent(fleet.redis.url)
  const refused = await fleet.run(files).ended
  expect(refused.code, refused.stderr).toBe(2)
  expect(refused.stderr).toMatch(/functions\.ts cannot be loaded: Cannot find package 'greeter'/)
  expect(refused.stderr).toContain('agent')
  expect(fleet.calls).toEqual([])
  bare.child.kill('SIGTERM')
  await bare.ended
  await startAgent(fleet.redis.url, { files: packages })
  const { code, stderr } = await fleet.run(files).ended
  expect(wholeRun, stderr).toContain(code)
  const texts = new Set(fleet.target.seen.flatMap(({ tool, params }) => (tool === 'echo' ? [params['arguments']] : [])))
  expect([...texts]).toEqual(expect.arrayContaining([{ text: 'hello Ann' }, { text: 'hello Ben' }]))
})

test('an agent whose disk is full says so to whoever wanted to run, at once', async () => {
  const fleet = await startFleet()
  const directory = temporaryDirectory(onTestFinished)
  // A file system of its own that holds 4 KiB, in a mount namespace of its own.
  const script = `mount -t tmpfs -o size=4k tmpfs ${directory} && TMPDIR=${directory} exec ${program} agent --workers 1`
  const child = spawn('unshare', ['-rm', 'sh', '-c', script], { env: { ...process.env, SQUALL_FABRIC: fleet.redis.url } })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text))
  await vi.waitUntil(() => said.includes('waits for runs'), { timeout: 25_000 })
  const pack = { ...pacedPack(2), 'words/greeting.ts': `export const greeting = '${'x'.repeat(10_000)}'\n` }
  const startedAtMs = performance.now()
  const { code, stderr } = await fleet.run(pack).ended
  expect(code, stderr).toBe(9)
  expect(stderr).toMatch(/^error: agent \S+ cannot write the program files of the pack to \S+: ENOSPC: no space left/m)
  expect(stderr).toContain('[FABRIC_AGENT_DISK]')
  expect(performance.now() - startedAtMs).toBeLessThan(25_000)
  expect(fleet.calls).toEqual([])
  const ended = once(child, 'close')
  child.kill('SIGTERM')
  await ended
})

test('a wall clock that jumps by hours in mid-run, forward or back, changes nothing', async () => {
  const fleet = await startFleet()
  const jump = join(temporaryDirectory(onTestFinished), 'jump')
  const jumping = (ms: number): Record<string, string> => ({
    SQUALL_MARK_REQUESTS: '1',
    SQUALL_TEST_CLOCK_JUMP: jump,
    SQUALL_TEST_CLOCK_JUMP_MS: String(ms),
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${new URL('test/jumping-clock.ts', import.meta.url).href}`,
  })
  const hoursMs = 3 * 60 * 60 * 1000
  await Promise.all([hoursMs, -hoursMs].map((ms) => startAgent(fleet.redis.url, { env: jumping(ms) })))
  const args = ['run', 'pack.yml', '--target', fleet.target.url, '--report', 'report', '--lease', '4s']
  const run = startSquall(args, { files: pacedPack(9), env: { SQUALL_FABRIC: fleet.redis.url, ...jumping(hoursMs) } })
  await vi.waitUntil(() => fleet.calls.length > 60, { timeout: 60_000 })
  const before = fleet.calls.length
  writeFileSync(jump, '')
  const { code, stderr, summary } = await run.ended
  expect(wholeRun, stderr).toContain(code)
  expect(fleet.calls.length).toBeGreaterThan(before + 100)
  expect(summary?.loss.gaps).toEqual([])
  expect(summary?.totals.calls).toBe(fleet.calls.length)
  expect(new Set(fleet.calls.map(({ epoch }) => epoch))).toEqual(new Set([1]))
  expect(summary?.run.durationSeconds).toBeCloseTo(9, 1)
  expect(stderr).not.toMatch(/takes over|stands still| is gone/)
})
