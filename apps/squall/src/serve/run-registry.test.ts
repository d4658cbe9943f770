import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunControls, RunOutcome } from '@squall/controller'
import { CodedError, exitCodes } from '@squall/errors'
import { fabricErrors } from '@squall/fabric'
import type { LoadPlan } from '@squall/load-plan'
import { loadPack } from '@squall/pack'
import type { Summary } from '@squall/report'
import { removeDirectory, temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { echoPack } from '../test/echo-pack.ts'
import type { AskedOfRun } from './run-changes.ts'
import type { RunFile } from './run-file.ts'
import { RunRegistry, type Launch, type RegistryOptions } from './run-registry.ts'
import { RunStore } from './run-store.ts'

const { plan } = loadPack({ path: 'echoes', text: echoPack(), processEnvironment: {} })
const order = {
  plan: { ...plan, target: 'http://user:geheim@127.0.0.1:1/mcp' } satisfies LoadPlan,
  settings: { allowLossRatio: 0 },
}

const toSummary = (id: string, verdict: Summary['verdict']): Summary =>
  // What the registry reads of it.
  ({
    run: { id, startedAt: '2026-01-01T00:00:00.000Z' },
    verdict,
    reasons: verdict === 'pass' ? [] : ['why'],
  }) as unknown as Summary

/** A launch that the test brings to its end. */
interface Underway extends Launch {
  readonly end: (verdict?: Summary['verdict']) => Promise<void>
  readonly fail: (error: unknown) => Promise<void>
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

async function open(path = temporaryDirectory(onTestFinished), options: Partial<RegistryOptions> = {}) {
  const store = await RunStore.open(path)
  onTestFinished(() => store.close())
  const launched: Underway[] = []
  const said: string[] = []
  const registry = new RunRegistry({
    store,
    fabric: 'bullmq',
    atOnce: 1,
    keep: 100,
    wallMs: () => Date.now(),
    say: (text) => void said.push(text),
    readSummary: () => undefined,
    launch: (launch) => {
      const { promise, resolve, reject } = Promise.withResolvers<RunOutcome>()
      const end = async (verdict: Summary['verdict'] = 'pass'): Promise<void> => {
        resolve({
          summary: toSummary(launch.id, verdict),
          exitCode: verdict === 'pass' ? exitCodes.ok : exitCodes.thresholdBroken,
          notes: ['a note'],
        })
        await settled()
      }
      const fail = async (error: unknown): Promise<void> => {
        reject(error)
        await settled()
      }
      launched.push({ ...launch, end, fail })
      return promise
    },
    ...options,
  })
  return { registry, store, launched, said, path }
}

/** What a server that was killed has left behind. */
async function leftBehind(run: Partial<RunFile> & Pick<RunFile, 'state'>, asked?: AskedOfRun): Promise<string> {
  const path = temporaryDirectory(onTestFinished)
  const store = await RunStore.open(path)
  const facts = {
    schema: 'squall/served-run@1',
    id: '11111111-1111-4111-8111-111111111111',
    pack: 'echoes',
    target: 'http://h/',
    fabric: 'bullmq',
    createdAt: '2026-01-01T00:00:00.000Z',
  } as const
  // Of one state, as the caller chose it.
  store.add({ ...facts, ...run } as RunFile, order)
  store.writeAsked(facts, asked)
  store.close()
  return path
}

const startedAt = '2026-01-01T00:00:01.000Z'
const noSuchRun = new CodedError(fabricErrors.FABRIC_NO_SUCH_RUN)

test('a run is on disk before it is begun, and shows nobody what it holds', async () => {
  const { registry, launched, path } = await open()
  const run = registry.submit(order, ['mind this'])
  expect(launched).toMatchObject([{ id: run.id, resume: false, order: { settings: { allowLossRatio: 0 } } }])
  const read = (): string => readFileSync(join(path, run.id, 'run.json'), 'utf8')
  expect(JSON.parse(read())).toMatchObject({ id: run.id, state: 'preparing' })
  launched[0]?.onBegun(Date.parse(startedAt))
  expect(JSON.parse(read())).toMatchObject({ state: 'running' })
  await launched[0]?.end('fail')
  expect(JSON.parse(read())).toMatchObject({ state: 'ended', verdict: 'fail', reasons: ['why'], exitCode: 3 })
  expect(JSON.stringify(run.view()) + read()).not.toContain('geheim')
  expect(run.view().notes.map(({ text }) => text)).toEqual([
    'is asked for: echoes on http://***@127.0.0.1:1/mcp',
    'mind this',
    'load begins',
    'a note',
    'ends: fail; why',
  ])
  expect(readdirSync(join(path, run.id))).toEqual(['run.json'])
})

test('what was under way at the agents is taken over as what it was, together with what waits for its turn', async () => {
  const path = await leftBehind({ state: 'running', startedAt })
  const { registry, launched } = await open(path)
  registry.adopt()
  const waiting = registry.submit(order, [])
  expect(launched).toMatchObject([{ resume: true }])
  launched[0]?.onBegun(Date.parse(startedAt))
  expect(registry.list().at(-1)?.view()).toMatchObject({ state: 'running', startedAt })
  await launched[0]?.end()
  expect(launched.map(({ id, resume }) => [id, resume]).at(-1)).toEqual([waiting.id, false])
})

test('what was never announced to the agents is begun anew, under its name', async () => {
  const { registry, launched } = await open(await leftBehind({ state: 'preparing' }))
  registry.adopt()
  await launched[0]?.fail(noSuchRun)
  expect(launched.map(({ id, resume }) => [id, resume])).toEqual([
    ['11111111-1111-4111-8111-111111111111', true],
    ['11111111-1111-4111-8111-111111111111', false],
  ])
})

test('what was over, and only not written down, has the end that its report tells', async () => {
  const summary = toSummary('11111111-1111-4111-8111-111111111111', 'degraded')
  const { registry, launched } = await open(await leftBehind({ state: 'running', startedAt }), { readSummary: () => summary })
  registry.adopt()
  await launched[0]?.fail(noSuchRun)
  expect(registry.list()[0]?.view()).toMatchObject({ state: 'ended', verdict: 'degraded', exitCode: 8 })
})

test('what began and is nowhere any more has failed, and so has what somebody else drives', async () => {
  for (const error of [noSuchRun, new CodedError(fabricErrors.FABRIC_OTHER_CONTROLLER)]) {
    const { registry, launched } = await open(await leftBehind({ state: 'running', startedAt }))
    registry.adopt()
    await launched[0]?.fail(error)
    expect(registry.list()[0]?.view()).toMatchObject({ state: 'failed', failure: { code: error.code }, exitCode: 2 })
  }
})

test('a run of a server with other settings is left as it is', async () => {
  for (const [state, fabric] of [
    [{ state: 'running', startedAt }, 'local'],
    [{ state: 'queued', fabric: 'local' }, 'bullmq'],
  ] as const) {
    const { registry, launched, said } = await open(await leftBehind(state), { fabric })
    registry.adopt()
    expect(launched).toEqual([])
    expect(said.join()).toContain('is left alone')
    const [run] = registry.list()
    if (run === undefined) throw new Error('it is gone')
    expect(run.view().state).toBe(state.state)
    expect(() => registry.stop(run)).toThrow(expect.objectContaining({ code: 'SQUALL_SERVE_NOT_NOW' }) as Error)
  }
})

test('a folder that holds no run is left alone, and said', async () => {
  const path = await leftBehind({ state: 'queued' })
  for (const name of ['broken', 'foreign']) mkdirSync(join(path, name))
  writeFileSync(join(path, 'broken', 'run.json'), '{')
  const { registry, said } = await open(path)
  registry.adopt()
  expect(registry.list()).toHaveLength(1)
  expect(said.join()).toMatch(/broken\/run\.json is left alone, it cannot be read/)
})

test('nothing is kept of a run that could not be taken, nor of one whose server died before it was', async () => {
  const path = temporaryDirectory(onTestFinished)
  const { registry } = await open(path)
  const unwritable = {
    ...order,
    toJSON: () => {
      throw new Error('no space left')
    },
  }
  const found = readdirSync(path)
  expect(() => registry.submit(unwritable, [])).toThrow(expect.objectContaining({ code: 'SQUALL_SERVE_DATA' }) as Error)
  expect(readdirSync(path)).toEqual(found)
  for (const [folder, file] of [
    ['half', 'order.json.tmp'],
    ['whole', 'order.json'],
    ['foreign', 'notes.txt'],
  ] as const) {
    mkdirSync(join(path, folder))
    writeFileSync(join(path, folder, file), '{}')
  }
  registry.adopt()
  expect(readdirSync(path)).toEqual(['foreign', ...found])
})

test('the order of a run that is over goes, also where its server died before it could see to that', async () => {
  const path = await leftBehind({ state: 'cancelled', endedAt: startedAt, exitCode: 130 })
  const folder = join(path, '11111111-1111-4111-8111-111111111111')
  expect(readdirSync(folder)).toContain('order.json')
  const { registry } = await open(path)
  registry.adopt()
  expect(registry.list()).toHaveLength(1)
  expect(readdirSync(folder)).toEqual(['run.json'])
})

test('a run whose order is gone, or that meets a defect, fails without taking the others with it', async () => {
  const path = await leftBehind({ state: 'queued' })
  rmSync(join(path, '11111111-1111-4111-8111-111111111111', 'order.json'))
  const { registry, launched } = await open(path)
  registry.adopt()
  await settled()
  expect(registry.list()[0]?.view()).toMatchObject({ state: 'failed', failure: { code: 'SQUALL_SERVE_DATA' } })
  const run = registry.submit(order, [])
  await launched[0]?.fail(new TypeError('x is not a function'))
  expect(run.view()).toMatchObject({ state: 'failed', exitCode: 1, failure: { code: 'SQUALL_SERVE_DEFECT' } })
})

test('a run that was stopped before it made load is cancelled', async () => {
  const { registry, launched } = await open()
  const run = registry.submit(order, [])
  registry.stop(run)
  expect(launched[0]?.stopping.aborted).toBe(true)
  await launched[0]?.fail(launched[0].stopping.reason)
  expect(run.view()).toMatchObject({ state: 'cancelled', exitCode: 130 })
})

test('as many runs are under way as may be, no more than a hundred wait, and the oldest that are over go', async () => {
  const { registry, launched, path } = await open(undefined, { atOnce: 2, keep: 3 })
  for (let run = 0; run < 102; run++) registry.submit(order, [])
  expect(launched).toHaveLength(2)
  expect(() => registry.submit(order, [])).toThrow(expect.objectContaining({ code: 'SQUALL_SERVE_FULL' }) as Error)
  for (let run = 0; run < 6; run++) await launched[run]?.end()
  expect(launched).toHaveLength(8)
  const ids = launched.map(({ id }) => id)
  expect(registry.list().map(({ id }) => id)).not.toEqual(expect.arrayContaining(ids.slice(0, 1)))
  expect(registry.list()).toHaveLength(102 - 3)
  expect(readdirSync(path).filter((name) => ids.slice(0, 6).includes(name))).toHaveLength(3)
})

test('what the disk does not take any more keeps no run from its end', async () => {
  const { registry, launched, path, said } = await open()
  const run = registry.submit(order, [])
  launched[0]?.onBegun(Date.parse(startedAt))
  removeDirectory(join(path, run.id))
  await launched[0]?.end()
  expect(run.view().state).toBe('ended')
  expect(said.join()).toContain('ENOENT')
  expect(registry.get(run.id)).toBe(run)
})

test('a server that closes waits for no run at the agents, and says that they go on', async () => {
  const { registry, launched, said } = await open()
  registry.submit(order, [])
  launched[0]?.onBegun(Date.parse(startedAt))
  await registry.close()
  expect(said.at(-1)).toContain('goes on at its agents')
})

test('a run of this machine that had not begun when its server closed waits for the next one', async () => {
  const { registry, launched } = await open(undefined, { fabric: 'local' })
  const run = registry.submit(order, [])
  const closed = registry.close()
  await launched[0]?.fail(launched[0].stopping.reason)
  await closed
  expect(run.view().state).toBe('queued')
  expect(launched).toHaveLength(1)
})

/** Steering that a test looks at: what was done, and when others know of it. */
function demoControls({ clients = 2, rateFactor = 1 } = {}) {
  const done: string[] = []
  const told = Promise.withResolvers<void>()
  const controls: RunControls = {
    model: 'closed',
    clients,
    rateFactor,
    isPaused: false,
    setClients: (wanted) => done.push(`clients ${wanted}`) > 0,
    setRateFactor: (wanted) => done.push(`rate ${wanted}`) > 0,
    setTarget: () => undefined,
    pause: () => void done.push('pause'),
    resume: () => void done.push('resume'),
    resetNumbers: () => void done.push('reset'),
    stop: () => void done.push('stop'),
    stopNow: () => void done.push('stop now'),
    told: () => told.promise,
  }
  return { controls, done, tell: told.resolve }
}

test('what is asked of a run is on disk before it is done, and until others know of it', async () => {
  const { registry, launched, path } = await open()
  const run = registry.submit(order, [])
  const asked = join(path, run.id, 'asked.json')
  const { controls, done, tell } = demoControls()
  launched[0]?.onBegun(Date.parse(startedAt))
  launched[0]?.watcher.steerBy(controls)
  expect([existsSync(asked), done]).toEqual([false, []])
  run.steer({ clients: 5 }, controls)
  run.steer({ paused: true, rateFactor: 2 }, controls)
  expect(JSON.parse(readFileSync(asked, 'utf8'))).toEqual({ stop: false, changes: { clients: 5, paused: true, rateFactor: 2 } })
  expect(done).toEqual(['clients 5', 'rate 2', 'pause'])
  tell()
  await settled()
  expect(existsSync(asked)).toBe(false)
  registry.stop(run)
  expect(done.at(-1)).toBe('stop')
  await settled()
  // Once more, it waits for no call.
  registry.stop(run)
  expect(launched[0]?.stopping.aborted).toBe(true)
})

test('what a server was asked that died is done by the next one, but for what is in effect', async () => {
  const path = await leftBehind(
    { state: 'running', startedAt },
    { stop: false, changes: { clients: 5, rateFactor: 3, resetNumbers: true } },
  )
  const { registry, launched } = await open(path)
  registry.adopt()
  const { controls, done } = demoControls({ clients: 5 })
  launched[0]?.watcher.steerBy(controls)
  expect(done).toEqual(['rate 3', 'reset'])
})

test.each(['bullmq', 'local'] as const)(
  'a run of the fabric %s that was stopped before it was begun is not begun after a restart',
  async (fabric) => {
    const path = await leftBehind({ state: 'preparing', fabric }, { stop: true, changes: {} })
    const { registry, launched } = await open(path, { fabric })
    registry.adopt()
    await launched[0]?.fail(noSuchRun)
    expect(launched).toHaveLength(fabric === 'bullmq' ? 1 : 0)
    expect(registry.list()[0]?.file).toMatchObject({ state: 'cancelled', exitCode: 130 })
    expect(readdirSync(join(path, registry.list()[0]?.id ?? ''))).toEqual(['run.json'])
  },
)

test('a run that was stopped while it was cut off from its agents is stopped once it is taken over, and what cannot be read is said', async () => {
  const path = await leftBehind({ state: 'running', startedAt })
  const id = readdirSync(path).find((name) => name.includes('-')) ?? ''
  writeFileSync(join(path, id, 'asked.json'), '{')
  const { registry, launched, said } = await open(path)
  registry.adopt()
  expect(said.join()).toMatch(/asked\.json cannot be read, and nothing of it is done/)
  registry.stop(registry.get(id))
  registry.stop(registry.get(id))
  expect(launched[0]?.stopping.aborted).toBe(false)
  const { controls, done } = demoControls()
  launched[0]?.watcher.steerBy(controls)
  expect(done).toEqual(['stop'])
})

test('a disk that is full keeps no run from being stopped', async () => {
  const { registry, launched, path } = await open()
  const run = registry.submit(order, [])
  const { controls, done } = demoControls()
  launched[0]?.onBegun(Date.parse(startedAt))
  launched[0]?.watcher.steerBy(controls)
  // A folder in its place takes no file.
  mkdirSync(join(path, run.id, 'asked.json.tmp'))
  expect(() => run.steer({ clients: 5 }, controls)).toThrow(expect.objectContaining({ code: 'SQUALL_SERVE_DATA' }) as Error)
  registry.stop(run)
  expect(done).toEqual(['stop'])
  expect(run.view().notes.at(-1)?.text).toMatch(/cannot be used/)
})

test('a change that was refused, since the disk was full, is not made with the next one', async () => {
  const { registry, launched, path } = await open()
  const run = registry.submit(order, [])
  const { controls, done } = demoControls()
  launched[0]?.onBegun(Date.parse(startedAt))
  launched[0]?.watcher.steerBy(controls)
  const inTheWay = join(path, run.id, 'asked.json.tmp')
  mkdirSync(inTheWay)
  expect(() => run.steer({ clients: 5 }, controls)).toThrow(expect.objectContaining({ code: 'SQUALL_SERVE_DATA' }) as Error)
  rmSync(inTheWay, { recursive: true })
  run.steer({ rateFactor: 2 }, controls)
  const kept = readFileSync(join(path, run.id, 'asked.json'), 'utf8')
  expect([JSON.parse(kept), done]).toEqual([{ stop: false, changes: { rateFactor: 2 } }, ['rate 2']])
})

test('what was asked and cannot be forgotten is said, and ends no server', async () => {
  const { registry, launched, path } = await open()
  const run = registry.submit(order, [])
  const { controls, tell } = demoControls()
  launched[0]?.onBegun(Date.parse(startedAt))
  launched[0]?.watcher.steerBy(controls)
  run.steer({ clients: 5 }, controls)
  // A folder in its place is removed by nobody.
  rmSync(join(path, run.id, 'asked.json'))
  mkdirSync(join(path, run.id, 'asked.json'))
  tell()
  await settled()
  expect(run.view().notes.at(-1)?.text).toMatch(/cannot be used/)
})
