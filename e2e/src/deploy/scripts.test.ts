import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DeployCopy } from '../support/deploy-files.ts'
import { parseEnvironment } from '../support/environment-file.ts'
import { root, run, start } from '../support/programs.ts'
import { readSummary } from '../support/reports.ts'
import { RedisServer, ScriptedServer, temporaryDirectory } from '@squall/testing'
import { createHash } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'

test('shellcheck finds nothing in the scripts', async () => {
  const files = ['deploy/make-secrets.sh', 'deploy/ecs/agents.sh'].map((file) => `${root}${file}`)
  expect(await run('shellcheck', files)).toMatchObject({ code: 0, stdout: '' })
})

test('make-secrets.sh makes secrets that nobody can guess or read, that fit each other, and that stay', async () => {
  using copy = new DeployCopy()
  const file = (name: string): string => readFileSync(join(copy.directory, name), 'utf8')
  const settings = parseEnvironment(file('compose/.env'))
  expect(Object.keys(settings)).toEqual(['SQUALL_FABRIC_SECRET', 'REDIS_PASSWORD', 'MCP_KEY', 'SQUALL_SERVE_TOKEN'])
  expect(new Set(Object.values(settings)).size).toBe(4)
  for (const secret of Object.values(settings)) expect(secret).toMatch(/^[0-9a-f]{64}$/)
  const sha256 = createHash('sha256').update(String(settings['MCP_KEY'])).digest('hex')
  expect(JSON.parse(file('compose/keys.json'))).toMatchObject({ keys: [{ sha256 }] })
  for (const name of ['compose/.env', 'kubernetes/base/secret.env'])
    expect(statSync(join(copy.directory, name)).mode & 0o077).toBe(0)
  const before = file('compose/.env')
  expect(await run(join(copy.directory, 'make-secrets.sh'), [])).toMatchObject({ code: 0 })
  expect([file('compose/.env'), file('kubernetes/base/secret.env')]).toEqual([before, before])
})

/** The unit as it would be on a machine whose Squall lies where it lies here. */
function unitHere(): string {
  const unit = join(temporaryDirectory(onTestFinished), 'squall-agent.service')
  writeFileSync(unit, readFileSync(`${root}deploy/systemd/squall-agent.service`, 'utf8').replaceAll('/opt/squall/', root))
  return unit
}

const settingOf = (unit: string, name: string): string =>
  new RegExp(`^${name}=(.*)$`, 'm').exec(readFileSync(unit, 'utf8'))?.[1] ?? ''

test('systemd understands every line of the unit, and finds it confined', async () => {
  const unit = unitHere()
  expect(await run('systemd-analyze', ['verify', unit])).toMatchObject({ code: 0, stderr: '' })
  const security = await run('systemd-analyze', ['security', '--offline=true', '--threshold=25', '--no-pager', unit])
  expect(security, security.stdout + security.stderr).toMatchObject({ code: 0 })
  writeFileSync(unit, `${readFileSync(unit, 'utf8')}\n[Service]\nRestartSecs=5\n`)
  expect((await run('systemd-analyze', ['verify', unit])).stderr).toMatch(/RestartSecs/)
})

test("the unit's own command, with the settings of its file, is an agent that ends as the unit says it may", async () => {
  await using redis = await RedisServer.start()
  const unit = unitHere()
  const [command = '', ...args] = settingOf(unit, 'ExecStart').split(' ')
  const settings = readFileSync(`${root}deploy/systemd/agent.env`, 'utf8').replace(/redis:.*/, redis.url)
  const env = parseEnvironment(settings)
  const agent = start(command, args, { env })
  onTestFinished(() => agent.kill('SIGKILL'))
  await agent.printed(/^agent \S+ waits for runs at redis:\/\/127\.0\.0\.1/m)
  agent.kill('SIGTERM')
  const { code, seconds, stderr } = await agent.ended
  expect(code, stderr).toBe(Number(settingOf(unit, 'SuccessExitStatus')))
  expect(seconds).toBeLessThan(60)
})

test('the page’s way from the log of a run to its report leads there', async () => {
  await using server = await ScriptedServer.start()
  const cwd = temporaryDirectory(onTestFinished)
  const pack = { config: { target: server.url, engines: { mcp: {} }, squall: { model: 'closed', clients: 1, duration: '1s' } } }
  writeFileSync(
    join(cwd, 'pack.yml'),
    JSON.stringify({ ...pack, scenarios: [{ engine: 'mcp', flow: [{ ping: {} }, { think: 0.1 }] }] }),
  )
  const squall = `${root}node_modules/.bin/squall`
  // A log holds both streams.
  const ended = await run('sh', ['-c', `${squall} run pack.yml --json --report run > log 2>&1; mkdir squall-report`], { cwd })
  expect(ended, ended.stderr).toMatchObject({ code: 0 })
  const [, filter = ''] = /logs job\/squall-run \| (sed .*)$/m.exec(readFileSync(`${root}deploy/README.md`, 'utf8')) ?? []
  expect(await run('sh', ['-c', `cat log | ${filter}`], { cwd })).toMatchObject({ code: 0, stderr: '' })
  expect(await run('squall', ['report', 'squall-report'], { cwd })).toMatchObject({ code: 0 })
  expect(readSummary(join(cwd, 'squall-report')).methods['ping']?.calls).toBeGreaterThan(2)
  expect(statSync(join(cwd, 'squall-report/report.html')).size).toBeGreaterThan(10_000)
})
