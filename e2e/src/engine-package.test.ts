import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScriptedServer, temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { root, run } from './support/programs.ts'

/** Does with the engine what Artillery does with any engine: loads it by name, and runs one virtual user. */
const host = `
import { EventEmitter } from 'node:events'
const { default: Engine } = await import('artillery-engine-mcp')
const script = { config: { target: process.argv[2] }, scenarios: [{ engine: 'mcp', flow: [{ callTool: { name: 'echo', arguments: { text: 'hello' } } }] }] }
const events = new EventEmitter()
const counters = {}
events.on('counter', (name, value) => (counters[name] = (counters[name] ?? 0) + value))
const user = new Engine(script, events, {}).createScenario(script.scenarios[0], events)
user({ vars: {} }, (error) => console.log(JSON.stringify({ error, counters })))
`

test('the engine that would be published works from a folder outside the workspace', async () => {
  await using server = await ScriptedServer.start()
  const outside = temporaryDirectory(onTestFinished)
  const env = { NODE_OPTIONS: '', npm_config_prefer_offline: 'true' }
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', outside, `${root}libs/artillery-engine-mcp`], {
    env: { NODE_OPTIONS: '--conditions=@squall/source' },
  })
  expect(packed, packed.stderr).toMatchObject({ code: 0 })
  writeFileSync(join(outside, 'package.json'), '{ "type": "module" }')
  const installed = await run('npm', ['install', '--no-audit', '--no-fund', `./${packed.stdout.trim().split('\n').at(-1)}`], {
    cwd: outside,
    env,
  })
  expect(installed, installed.stderr).toMatchObject({ code: 0 })
  writeFileSync(join(outside, 'host.js'), host)
  const used = await run('node', ['host.js', server.url], { cwd: outside, env })
  expect(used, used.stderr).toMatchObject({ code: 0 })
  expect(JSON.parse(used.stdout)).toMatchObject({
    error: null,
    counters: { 'mcp.tools.echo.calls': 1, 'mcp.sessions_opened': 1 },
  })
  expect(server.counts.toolCalls).toBe(1)
}, 120_000)
