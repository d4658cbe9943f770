import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { freePort, ScriptedServer, type ScriptedServerOptions } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { echoPack } from './test/echo-pack.ts'
import { isAlive, squall, startSquall, waiting, type RunningSquall } from './test/run-squall.ts'

const long = 'clients: 3, spawnRate: 100, duration: 60s'

async function server(options?: ScriptedServerOptions): Promise<ScriptedServer> {
  const scripted = await ScriptedServer.start(options)
  onTestFinished(() => scripted[Symbol.asyncDispose]())
  return scripted
}

/** Runs the echo pack against a server. */
function run(target: string, pack = echoPack(), ...more: string[]): RunningSquall {
  return startSquall(['run', 'echo.yml', '--target', target, '--report', 'report', ...more], { files: { 'echo.yml': pack } })
}

/** A run that has made its first calls. */
async function underWay(scripted: ScriptedServer, pack = echoPack(long), ...more: string[]): Promise<RunningSquall> {
  const running = run(scripted.url, pack, ...more)
  await vi.waitUntil(() => scripted.counts.toolCalls > 10, waiting)
  return running
}

test('a run passes, and its report counts what the target counted', async () => {
  const scripted = await server()
  const { code, stdout, stderr, summary } = await run(scripted.url, echoPack(), '--workers', '2').ended
  expect(stderr).not.toContain('error')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^PASS {2}echo/)
  expect(summary?.verdict).toBe('pass')
  expect(summary?.totals.calls).toBe(scripted.counts.toolCalls)
  expect(summary?.totals.calls).toBeGreaterThanOrEqual(3)
  expect(summary?.methods['initialize']?.calls).toBe(3)
  expect(summary?.run).toMatchObject({ pack: 'echo', target: scripted.url, workers: 2 })
  expect(summary?.agents).toHaveLength(2)
})

test('--json prints the summary and nothing else to standard output; --quiet only the verdict', async () => {
  const scripted = await server()
  const json = await run(scripted.url, echoPack(), '--json').ended
  expect(JSON.parse(json.stdout)).toEqual(json.summary)
  const quiet = await run(scripted.url, echoPack(), '--quiet').ended
  expect(quiet.stdout).toMatch(/^pass: echo; .*report\.html\n$/)
  expect(quiet.stderr).toBe('')
})

test('without --report the report has a directory of its own', async () => {
  const scripted = await server()
  const running = startSquall(['run', 'echo.yml', '--target', scripted.url], { files: { 'echo.yml': echoPack() } })
  expect((await running.ended).code).toBe(0)
  expect(readdirSync(join(running.directory, 'squall-report'))).toEqual([expect.stringMatching(/^echo-\d{4}-/)])
})

test('options beat environment variables, which beat the configuration file, which beats the pack', async () => {
  const scripted = await server()
  const { summary } = await squall(['run', 'echo.yml', '--clients', '2', '--report', 'report'], {
    files: { 'echo.yml': echoPack(), 'squall.config.json': '{ "run": { "seed": 5, "clients": 7, "duration": "1s" } }' },
    env: { SQUALL_TARGET: scripted.url, SQUALL_SEED: '6', SQUALL_CLIENTS: '8' },
  })
  expect(summary).toMatchObject({ run: { seed: 6, target: scripted.url }, totals: { clientsStarted: 2 } })
})

test('a broken threshold is exit code 3 [L9]', async () => {
  const scripted = await server({ delayMs: () => 20 })
  const { code, stdout, summary } = await run(scripted.url, echoPack(), '--threshold', 'p95<1ms').ended
  expect(code).toBe(3)
  expect(stdout).toMatch(/^FAIL/)
  expect(summary).toMatchObject({ verdict: 'fail', reasons: ['p95<1ms does not hold'] })
})

test('a pack without thresholds fails when more than 1 % of its calls do [L9]', async () => {
  const scripted = await server({ fault: ({ method }) => (method === 'tools/call' ? 'is-error' : undefined) })
  const { code, summary } = await run(scripted.url).ended
  expect(code).toBe(3)
  expect(summary).toMatchObject({ totals: { ok: 0 }, errors: { 'tool.is_error': summary?.totals.calls } })
})

test('a server that answers twice fails no call, and is told of at the end', async () => {
  const scripted = await server({ replies: 'sse', fault: ({ method }) => (method === 'tools/call' ? 'duplicate-id' : undefined) })
  const { code, stdout, summary } = await run(scripted.url).ended
  expect(code).toBe(0)
  expect(summary?.totals).toMatchObject({ calls: scripted.counts.toolCalls, failed: 0 })
  expect(summary?.totals.strayReplies).toBeGreaterThan(0)
  expect(summary?.totals.strayReplies).toBeLessThanOrEqual(scripted.counts.toolCalls)
  expect(stdout).toContain('nobody waited for')
})

test.each<[string, string[], RegExp[]]>([
  [
    'a negative number of clients',
    ['run', 'echo.yml', '--clients', '-3'],
    [/--clients: found "-3", expected a whole number of at least 1/],
  ],
  [
    'an unknown key',
    ['run', 'bad.yml'],
    [/bad\.yml:2:13 config\.squall\.cleints: expected a known key \(did you mean clients\?\)/],
  ],
  [
    'many mistakes at once',
    ['run', 'bad.yml', '--seed', 'x', '--threshold', 'p95'],
    [
      /--seed: found "x"/,
      /--threshold: found "p95"/,
      /cleints/,
      /config\.squall\.duration: found "never"/,
      /scenarios\[0]\.flow\[0].*ping/,
    ],
  ],
  ['a missing file', ['run', 'nowhere.yml'], [/there is no pack at nowhere\.yml/, /smoke/]],
  [
    'a text that is no YAML',
    ['run', 'broken.yml'],
    [/broken\.yml is not well-formed/, /broken\.yml:2:1: expected well-formed YAML or JSON/],
  ],
  ['no workers', ['run', 'echo.yml', '--workers', '0'], [/--workers: found "0", expected a whole number from 1 to 256/]],
  ['an unknown environment', ['run', 'echo.yml', '--env', 'prod'], [/--env: found "prod", expected no environment/]],
  ['an unknown option', ['run', 'echo.yml', '--cleints', '3'], [/unknown option '--cleints'/, /--clients/]],
  ['an unknown command', ['rnu'], [/unknown command 'rnu'/, /Did you mean run\?/]],
  ['no pack', ['run'], [/missing required argument 'pack'/]],
])('%s is exit code 2, with a message and without a stack', async (_, args, messages) => {
  const files = {
    'echo.yml': echoPack(),
    'bad.yml': 'config:\n  squall: { cleints: 5, duration: never }\nscenarios: [ { engine: mcp, flow: [ { pnig: {} } ] } ]\n',
    'broken.yml': 'config: { "\n',
  }
  const { code, stderr } = await squall(args, { files })
  expect(code).toBe(2)
  for (const message of messages) expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/\n {4}at /)
})

test('a configuration file with mistakes is exit code 2', async () => {
  const files = { 'echo.yml': echoPack(), 'squall.config.json': '{ "run": { "cleints": 5 } }' }
  const { code, stderr } = await squall(['run', 'echo.yml'], { files })
  expect(code).toBe(2)
  expect(stderr).toMatch(/squall\.config\.json run\.cleints: expected one of the keys/)
})

test('a target that is not there is exit code 6, in words of its own, and leaves nothing', async () => {
  const target = `http://127.0.0.1:${await freePort()}/mcp`
  const running = run(target)
  const { code, stderr } = await running.ended
  expect(code).toBe(6)
  expect(stderr).toContain(`${target} cannot be reached`)
  expect(existsSync(join(running.directory, 'report'))).toBe(false)
})

test.each([
  ['a web page', 200, 'text/html', '<h1>hello</h1>', 'answers, but is not an MCP server'],
  ['another path of a server', 404, 'text/plain', 'not found', 'answers, but is not an MCP server'],
  ['a server that wants credentials', 401, 'application/json', '{}', 'does not let this client in'],
])('%s is exit code 6, in words of its own', async (_, status, type, body, message) => {
  const web = createServer((_, response) => response.writeHead(status, { 'content-type': type }).end(body))
  web.listen(0, '127.0.0.1')
  await once(web, 'listening')
  onTestFinished(() => void web.close())
  // A server that listens on a port has an address of this kind.
  const { code, stderr } = await run(`http://127.0.0.1:${(web.address() as AddressInfo).port}/`).ended
  expect(code).toBe(6)
  expect(stderr).toContain(message)
})

test('a server of either era is an MCP server', async () => {
  for (const era of ['legacy', 'modern'] as const) {
    const scripted = await server({ era })
    const version = era === 'modern' ? '2026-07-28' : '2025-11-25'
    const pack = echoPack().replace('config:', `config:\n  mcp: { protocolVersion: "${version}" }`)
    expect(await run(scripted.url, pack).ended).toMatchObject({ code: 0 })
  }
})

test('a folder named like a shipped pack does not hide it, unless it holds a pack', async () => {
  const target = `http://127.0.0.1:${await freePort()}/mcp`
  // The shipped pack gets as far as its target; a folder without a pack would not.
  const besideEmpty = await squall(['run', 'smoke', '--target', target], { files: { 'smoke/summary.json': '{}' } })
  expect(besideEmpty).toMatchObject({ code: 6 })
  const besidePack = await squall(['run', 'smoke', '--target', target], { files: { 'smoke/pack.yml': 'nothing' } })
  expect(besidePack).toMatchObject({ code: 2, stderr: expect.stringContaining('smoke/pack.yml:1:1') as string })
})

test('--version and --help are answers, on standard output', async () => {
  expect(await squall(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string })
  expect(await squall(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('squall run smoke') as string })
})

test('who reads no further than the first lines ends no run, and sees no stack', async () => {
  const help = startSquall(['--help'])
  help.child.stdout?.destroy()
  expect(await help.ended).toMatchObject({ code: 0, stderr: '' })
  const scripted = await server()
  const running = run(scripted.url)
  for (const stream of [running.child.stdout, running.child.stderr]) stream?.destroy()
  const { summary } = await running.ended
  expect(summary?.totals).toMatchObject({ calls: scripted.counts.toolCalls, failed: 0 })
})

test('the credentials of a wrong address are told to nobody', async () => {
  const { code, stderr } = await squall(['run', 'echo.yml', '--target', 'ftp://user:pw@h/x'], {
    files: { 'echo.yml': echoPack() },
  })
  expect(code).toBe(2)
  expect(stderr).toContain('--target: found "ftp://***@h/x", expected a whole URL')
})

test('a report directory where nobody can make one is exit code 9 at once', async () => {
  const files = { 'echo.yml': echoPack() }
  const { code, stderr } = await squall(['run', 'echo.yml', '--report', '/proc/squall/report'], { files })
  expect(code).toBe(9)
  expect(stderr).toContain('cannot write the report to /proc/squall/report')
})

test('a report directory that cannot be written is exit code 9, before any load', async () => {
  const scripted = await server()
  const { code, stderr } = await squall(['run', 'echo.yml', '--target', scripted.url, '--report', 'echo.yml/report'], {
    files: { 'echo.yml': echoPack() },
  })
  expect(code).toBe(9)
  expect(stderr).toMatch(/cannot write the report to .*echo\.yml\/report: ENOTDIR/)
  expect(scripted.counts.toolCalls).toBe(0)
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s in mid-run: whole report within four seconds, exit code 130, nothing left',
  async (signal) => {
    const scripted = await server()
    const running = await underWay(scripted, echoPack(long), '--workers', '2')
    const generators = running.children()
    expect(generators).toHaveLength(2)
    const beforeMs = performance.now()
    running.child.kill(signal)
    const { code, summary, stdout } = await running.ended
    expect(performance.now() - beforeMs).toBeLessThan(4_000)
    expect(code).toBe(130)
    expect(stdout).toMatch(/^STOPPED/)
    expect(summary).toMatchObject({ verdict: 'stopped', loss: { gaps: [] } })
    expect(summary?.totals.calls).toBe(scripted.counts.toolCalls)
    expect(generators.filter(isAlive)).toEqual([])
  },
)

test('Ctrl-C in a terminal reaches every process at once, and still ends in order', async () => {
  const scripted = await server()
  const running = startSquall(['run', 'echo.yml', '--target', scripted.url, '--report', 'report'], {
    files: { 'echo.yml': echoPack(long) },
    detached: true,
  })
  await vi.waitUntil(() => scripted.counts.toolCalls > 10, waiting)
  const generators = running.children()
  process.kill(-running.pid, 'SIGINT')
  const { code, summary } = await running.ended
  expect(code).toBe(130)
  expect(summary).toMatchObject({ verdict: 'stopped', totals: { failed: 0 }, loss: { gaps: [] } })
  expect(generators.filter(isAlive)).toEqual([])
})

test('a call that hangs does not hold up the end of a stopped run', async () => {
  const scripted = await server({ fault: ({ method }) => (method === 'tools/call' ? 'hang' : undefined) })
  const running = run(scripted.url, echoPack(long))
  await vi.waitUntil(() => scripted.counts.toolCalls === 3, waiting)
  const beforeMs = performance.now()
  running.child.kill('SIGINT')
  const { code, summary } = await running.ended
  expect(performance.now() - beforeMs).toBeLessThan(4_000)
  expect(code).toBe(130)
  expect(summary).toMatchObject({ errors: { stopped: 3 }, loss: { gaps: [] } })
})

test('generators end when squall itself is killed', async () => {
  const scripted = await server()
  const running = await underWay(scripted)
  const generators = running.children()
  expect(generators.filter(isAlive)).not.toEqual([])
  running.child.kill('SIGKILL')
  await vi.waitUntil(() => generators.every((pid) => !isAlive(pid)), waiting)
})

test('a generator that is killed is a gap in the report and exit code 8', async () => {
  const scripted = await server()
  const running = await underWay(scripted, echoPack('clients: 4, spawnRate: 100, duration: 3s'), '--workers', '2')
  const [victim = 0] = running.children()
  process.kill(victim, 'SIGKILL')
  const { code, summary } = await running.ended
  expect(code).toBe(8)
  expect(summary).toMatchObject({
    verdict: 'degraded',
    loss: { gaps: [{ cause: expect.stringContaining('SIGKILL') as string }] },
  })
  expect(summary?.totals.calls).toBeGreaterThan(10)
})

test('a target that dies in mid-run is failures by kind in a whole report, and the run ends by itself', async () => {
  const scripted = await ScriptedServer.start()
  // Too few seconds for a busy test machine to call its generator the bottleneck.
  const running = await underWay(scripted, echoPack('clients: 4, spawnRate: 100, duration: 1.8s'))
  await scripted[Symbol.asyncDispose]()
  const { code, summary } = await running.ended
  expect(code).toBe(3)
  expect(summary).toMatchObject({ verdict: 'fail', loss: { gaps: [] } })
  expect(Object.keys(summary?.errors ?? {}).join()).toContain('transport.')
  expect(summary?.totals.ok).toBeGreaterThan(0)
})

test('numbers go out while the run goes on, and a collector that is away is told once and stops nothing', async () => {
  const scripted = await server()
  const away = `otlp=http://127.0.0.1:${await freePort()}`
  const running = run(scripted.url, echoPack(), '--export', 'csv=numbers.csv', '--export', away)
  const { code, stderr, summary } = await running.ended
  expect(code).toBe(0)
  const [, ...lines] = readFileSync(join(running.directory, 'numbers.csv'), 'utf8').trimEnd().split('\r\n')
  const calls = lines.map((line) => line.split(',')).filter(([, , method]) => method === 'tools/call')
  expect(calls.reduce((sum, cells) => sum + Number(cells[8]), 0)).toBe(summary?.totals.calls)
  expect(stderr.match(/the export otlp=\S+ fails: .*ECONNREFUSED/g)).toHaveLength(1)
})

test('a run shows what failed: in words at the end, with request and reply in the summary, and its kinds by their evidence', async () => {
  const scripted = await server({ fault: ({ method }) => (method === 'tools/call' ? 'is-error' : undefined) })
  const { stdout, summary } = await run(
    scripted.url,
    echoPack().replace('arguments: { text: hi }', 'arguments: { password: hunter2 }'),
  ).ended
  expect(stdout).toMatch(/^for example\ntool\.is_error {2}echo: answered /m)
  expect(summary?.samples).toHaveLength(3)
  expect(summary?.samples[0]).toMatchObject({
    code: 'tool.is_error',
    name: 'echo',
    request: expect.stringContaining('"password":"***"') as string,
  })
  expect(JSON.stringify(summary)).not.toContain('hunter2')
  expect(summary?.clientKindEvidence).toMatchObject({ http_client: { evidence: 'assumed' } })
})

test('help names every option with its variable and its key', async () => {
  const { code, stdout } = await squall(['run', '--help'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/--spawn-rate <n> [^-]*\[SQUALL_SPAWN_RATE]/)
  expect(stdout).toContain('squall.config.json')
  expect(stdout).toMatch(/130 stopped by the user/)
})
