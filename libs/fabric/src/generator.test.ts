import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { GeneratorCommand } from '@squall/load-protocol'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Behaviour } from './test/demo-generator.ts'
import { demoPlan } from './test/demo-plan.ts'

const entry = fileURLToPath(new URL('./test/demo-generator.ts', import.meta.url))

interface Conversation {
  readonly child: ChildProcess
  readonly heard: { readonly type: string }[]
  tell(command: GeneratorCommand): void
  hears(type: string): Promise<void>
  readonly ended: Promise<unknown>
}

/** A generator process, spoken to without a fabric; it ends by itself. */
function converse(behaviour?: Behaviour): Conversation & { readonly prepare: GeneratorCommand } {
  const directory = temporaryDirectory(onTestFinished)
  const child = fork(entry, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const heard: { type: string }[] = []
  child.on('message', (message) => heard.push(message as { type: string }))
  const plan = demoPlan(60_000, { directory, behaviours: behaviour === undefined ? {} : { 0: behaviour } })
  return {
    child,
    heard,
    tell: (command) => void child.send(command),
    hears: (type) => vi.waitFor(() => expect(heard.map((event) => event.type)).toContain(type), { timeout: 20_000, interval: 5 }),
    ended: once(child, 'exit'),
    prepare: { type: 'prepare', runId: 'r', plan, share: { index: 0, count: 1 }, epoch: 1 },
  }
}

test('what keeps a share from being prepared is told with its code, a bug as a defect', async () => {
  const refusing = converse('refuse')
  refusing.tell(refusing.prepare)
  await refusing.ended
  expect(refusing.heard.at(-1)).toMatchObject({ type: 'failed', code: 'DEMO_REFUSED', hint: 'Let it cool.', exitCode: 2 })
  const broken = converse('bug')
  broken.tell(broken.prepare)
  await broken.ended
  expect(broken.heard.at(-1)).toMatchObject({ type: 'failed', message: 'x is not a function', exitCode: 1 })
})

test('a command that is not due ends a generator, and says which was', async () => {
  const early = converse()
  early.tell({ type: 'start', startAtWallMs: 0, fromMs: 0, pausedMs: 0 })
  await early.ended
  expect(early.heard.at(-1)).toMatchObject({ type: 'failed', message: 'a generator was told to start where prepare was due' })
})

test('a run that is stopped before it began finishes without a snapshot', async () => {
  const stopped = converse()
  stopped.tell(stopped.prepare)
  await stopped.hears('ready')
  stopped.tell({ type: 'stop', drainMs: 0 })
  await stopped.ended
  expect(stopped.heard.map(({ type }) => type)).toEqual(['hello', 'ready', 'finished'])
})

test('a share is changed and stopped as it is told, and a control that comes twice is obeyed once', async () => {
  const running = converse()
  running.tell(running.prepare)
  await running.hears('ready')
  running.tell({ type: 'start', startAtWallMs: Date.now(), fromMs: 0, pausedMs: 0 })
  const control = { type: 'control', sequence: 1, control: { type: 'set-clients', atMs: 0, clients: 5 } } as const
  running.tell(control)
  running.tell(control)
  const newest = () => running.heard.findLast(({ type }) => type === 'snapshot')
  await vi.waitFor(() => expect(newest()).toMatchObject({ snapshot: { counters: { clientsFinished: 5 } } }), { timeout: 20_000 })
  running.tell({ type: 'stop', drainMs: 5 })
  await running.ended
  expect(newest()).toMatchObject({ snapshot: { counters: { bytesSent: 5 } } })
  expect(running.heard.at(-1)?.type).toBe('finished')
})
