// What an idle client session costs the server in heap: sessions alone, and sessions that each hold an event stream open.
import { Agent, request } from 'node:http'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { startProgram, type RunningProgram } from '@squall/program'
import { loadAverage, renderConditions, renderNumber, renderSpread, renderTable } from './markdown.ts'
import { openSession } from './mcp-requests.ts'
import { median, valuesOf, interleave, type Contender } from './rounds.ts'
import { readSettings } from './settings.ts'

const { rounds, clients: sessions = 5000 } = readSettings({ rounds: 3, measuredSeconds: 0 })
/** Before anything is measured, so that code is compiled and buffers have grown. */
const warmUpSessions = 500
const atOnce = 50
const loadBefore = loadAverage()

const contenders: readonly Contender[] = [
  { name: 'session alone', measure: () => measure(false) },
  { name: 'session with an event stream', measure: () => measure(true) },
]
const measured = await interleave(contenders, rounds, 0)
const rows = measured.map((one) => [
  one.name,
  renderSpread(valuesOf(one, 'heapPerSession'), 1),
  renderNumber(median(valuesOf(one, 'heapMegabytes')), 0),
])
console.log(renderTable([`${sessions} idle`, 'KB of heap each', 'MB of heap in all'], rows))
console.log(renderConditions({ connections: atOnce, rounds, measuredSeconds: 0, loadBefore }))

async function measure(hasStream: boolean): Promise<{ heapPerSession: number; heapMegabytes: number }> {
  const probe = new URL('./programs/heap-probe.ts', import.meta.url)
  const program = await startProgram({
    name: 'snowflake-mcp',
    entry: new URL('../../apps/snowflake-mcp/src/main.ts', import.meta.url),
    args: ['--port', '0', '--max-sessions', String(sessions + warmUpSessions)],
    env: { NODE_OPTIONS: `--expose-gc --import=${probe.href}` },
  })
  const agent = new Agent({ keepAlive: true })
  try {
    await openMany(program.url, warmUpSessions, hasStream, agent)
    const before = await heapOf(program)
    await openMany(program.url, sessions, hasStream, agent)
    const after = await heapOf(program)
    return { heapPerSession: (after - before) / sessions / 1024, heapMegabytes: after / 1_048_576 }
  } finally {
    agent.destroy()
    await program.stop()
  }
}

async function openMany(url: string, count: number, hasStream: boolean, agent: Agent): Promise<void> {
  for (let opened = 0; opened < count; opened += atOnce)
    await Promise.all(
      Array.from({ length: Math.min(atOnce, count - opened) }, async () => {
        const session = await openSession(url)
        if (hasStream) await openStream(url, session, agent)
      }),
    )
}

async function openStream(url: string, session: string, agent: Agent): Promise<void> {
  const sent = request(url, { agent, headers: { accept: 'text/event-stream', 'mcp-session-id': session } }).end()
  // A client request answers with a message.
  const [reply] = (await once(sent, 'response')) as [IncomingMessage]
  if (reply.statusCode !== 200) throw new Error(`no event stream: status ${reply.statusCode}`)
  reply.on('error', () => undefined).resume()
}

/** Asks the server's process, and waits for what it says. */
async function heapOf(program: RunningProgram): Promise<number> {
  const said = (): string[] => program.recentOutput().match(/heap in use: \d+/g) ?? []
  const before = said().length
  process.kill(program.pid, 'SIGUSR2')
  while (said().length === before) await pause(20)
  return Number(said().at(-1)?.split(': ')[1])
}
