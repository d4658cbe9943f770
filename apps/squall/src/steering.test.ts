import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Summary } from '@squall/report'
import { ScriptedServer, temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { waiting } from './test/run-squall.ts'

const program = fileURLToPath(new URL('../bin/squall', import.meta.url))
const pack = `config:
  squall: { clients: 4, spawnRate: 100, duration: 120s }
scenarios:
  - engine: mcp
    flow: [ { callTool: { name: echo, arguments: { text: hi } } }, { pace: 0.1 } ]
`

/** `squall run` on a real pseudo-terminal, made by util-linux's script, whose input reaches the program as key presses. */
async function runOnTerminal() {
  const server = await ScriptedServer.start()
  onTestFinished(() => server[Symbol.asyncDispose]())
  const directory = temporaryDirectory(onTestFinished)
  writeFileSync(join(directory, 'echo.yml'), pack)
  // Made by a program, the terminal has no size yet.
  const command = `stty cols 120 rows 40; exec '${program}' run echo.yml --target ${server.url} --report report`
  const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd: directory, env: { ...process.env, TERM: 'xterm' } })
  onTestFinished(() => void child.kill('SIGKILL'))
  let screen = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (screen += chunk))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    server,
    ended,
    press: (keys: string) => void child.stdin.write(keys),
    sees: (text: string) => vi.waitUntil(() => screen.includes(text), waiting),
    summary: () => JSON.parse(readFileSync(join(directory, 'report/summary.json'), 'utf8')) as Summary,
  }
}

test(
  'keys on a terminal add clients, pause, go on, reset and stop, and the report tells of each',
  { timeout: 120_000 },
  async () => {
    const { server, ended, press, sees, summary } = await runOnTerminal()
    await sees('p pause')
    await vi.waitUntil(() => server.counts.toolCalls > 10, waiting)
    press('w')
    await sees('5 clients')
    await vi.waitUntil(() => server.sessions.size === 5, waiting)
    press('p')
    await sees('paused; p goes on')
    // Calls under way end, and no other begins.
    let before = -1
    await vi.waitUntil(
      () => {
        const isStill = server.counts.toolCalls === before
        before = server.counts.toolCalls
        return isStill
      },
      { ...waiting, interval: 500 },
    )
    press('p')
    await vi.waitUntil(() => server.counts.toolCalls > before + 10, waiting)
    press('r')
    await sees('the numbers begin anew')
    const whenReset = server.counts.toolCalls
    await vi.waitUntil(() => server.counts.toolCalls > whenReset + 60, waiting)
    press('q')
    expect(await ended).toBe(130)
    const { events, totals, warmUp, verdict, run } = summary()
    expect(verdict).toBe('stopped')
    expect(events.map(({ text }) => text.replace(/[\d.]+ s$/, 'N s').replace(/second \d+/, 'second N'))).toEqual([
      'clients set to 5',
      'paused',
      'resumed after N s',
      'numbers reset: they count from second N',
      'stopped by hand',
    ])
    expect(totals.clientsPeak).toBe(5)
    // What the reset left out and what counted since is what the target served.
    expect(totals.calls + warmUp.calls).toBe(server.counts.toolCalls)
    expect(totals.calls).toBeGreaterThan(0)
    expect(run.warmUpSeconds).toBeGreaterThan(0)
  },
)

test(
  't on a terminal sends the clients to another target, and every call is counted where it was made',
  { timeout: 120_000 },
  async () => {
    const { server, ended, press, sees, summary } = await runOnTerminal()
    const other = await ScriptedServer.start()
    onTestFinished(() => other[Symbol.asyncDispose]())
    await sees('p pause')
    await vi.waitUntil(() => server.counts.toolCalls > 10, waiting)
    press('t')
    await sees('type or paste the new target')
    press('localhost\r')
    await sees('the target stays')
    press('t')
    press(`${other.url}\r`)
    await sees(`clients go to ${other.url}`)
    await vi.waitUntil(() => other.counts.toolCalls > 10, waiting)
    const left = server.counts.toolCalls
    await vi.waitUntil(() => other.counts.toolCalls > 60, waiting)
    press('q')
    expect(await ended).toBe(130)
    // The first look at the target had a session of its own.
    expect([server.counts.toolCalls, server.endedSessions, other.endedSessions]).toEqual([left, 5, 4])
    const { events, totals } = summary()
    expect(events.map(({ text }) => text)).toEqual([`target set to ${other.url}`, 'stopped by hand'])
    expect(totals.calls).toBe(server.counts.toolCalls + other.counts.toolCalls)
  },
)

test('Ctrl-C on a terminal stops a run as it does everywhere', { timeout: 60_000 }, async () => {
  const { server, ended, press, sees, summary } = await runOnTerminal()
  await sees('p pause')
  await vi.waitUntil(() => server.counts.toolCalls > 10, waiting)
  press('\u0003')
  expect(await ended).toBe(130)
  expect(summary().verdict).toBe('stopped')
})
