import { expect, test } from 'vitest'
import { parseCommand, parseEvent, protocolVersion, type GeneratorCommand, type GeneratorEvent } from './index.ts'

const plan = {
  version: 1,
  name: 'demo',
  target: 'http://127.0.0.1:1/mcp',
  seed: 1,
  model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 1000 },
  scenarios: [],
  payloads: [],
  variables: {},
  requestTimeoutMs: 1000,
  maxLagMs: 1000,
  warmUpMs: 0,
  thresholds: [],
} as const

const snapshot = {
  second: 0,
  clients: {},
  counters: {},
  series: [],
  foldedCalls: 0,
  generator: {
    cpuMs: 1,
    wallMs: 1000,
    rssBytes: 1,
    eventLoopUtilization: 0.1,
    eventLoopDelay: new Uint8Array([1]),
    scheduleLag: new Uint8Array([2]),
  },
}

const sample = { code: 'http.500', method: 'ping', name: '', message: 'm', request: '{}', reply: '', serviceMs: 1 }

const commands: GeneratorCommand[] = [
  { type: 'prepare', runId: 'r', plan, share: { index: 0, count: 2 }, epoch: 1 },
  { type: 'start', startAtWallMs: 1, fromMs: 3_000, pausedMs: 20 },
  { type: 'lease', untilMs: 7 },
  { type: 'control', sequence: 1, control: { type: 'pause', atMs: 5 } },
  { type: 'control', sequence: 2, control: { type: 'resume', atWallMs: 5 } },
  { type: 'control', sequence: 3, control: { type: 'set-clients', atMs: 5, clients: 0 } },
  { type: 'control', sequence: 4, control: { type: 'set-rate', atMs: 5, factor: 0.5 } },
  { type: 'control', sequence: 5, control: { type: 'set-target', atMs: 5, target: 'http://127.0.0.1:1/mcp' } },
  { type: 'stop', drainMs: 0 },
]
const events: GeneratorEvent[] = [
  { type: 'hello', protocolVersion, pid: 1 },
  { type: 'ready' },
  { type: 'snapshot', shard: 0, epoch: 1, sequence: 0, snapshot },
  { type: 'samples', shard: 0, epoch: 1, samples: [sample] },
  { type: 'finished', shard: 0, epoch: 1, snapshots: 1 },
  { type: 'failed', code: 'X', message: 'm', hint: 'h', exitCode: 2 },
]

test.each(commands)('a generator takes $type as it was sent', (command) => {
  expect(parseCommand(structuredClone(command))).toEqual(command)
})

test.each(events)('a controller takes $type as it was sent', (event) => {
  expect(parseEvent(structuredClone(event))).toEqual(event)
})

test('a generator of another version is refused at its hello', () => {
  expect(() => parseEvent({ type: 'hello', protocolVersion: 99, pid: 1 })).toThrow(
    expect.objectContaining({ code: 'PROTOCOL_VERSION_MISMATCH', message: expect.stringContaining('99') as string }) as Error,
  )
})

test.each([
  ['nothing', undefined],
  ['an unknown type', { type: 'dance' }],
  ['a share of no shards', { type: 'prepare', runId: 'r', plan, share: { index: 0, count: 0 }, epoch: 0 }],
  ['a plan of another version', { type: 'prepare', runId: 'r', plan: { version: 2 }, share: { index: 0, count: 1 }, epoch: 0 }],
  ['a negative drain', { type: 'stop', drainMs: -1 }],
])('%s is not a command', (_, message) => {
  expect(() => parseCommand(message)).toThrow(expect.objectContaining({ code: 'PROTOCOL_BAD_MESSAGE' }) as Error)
})

test.each([
  ['a snapshot without its second', { type: 'snapshot', shard: 0, epoch: 0, sequence: 0, snapshot: {} }],
  ['a sample without its code', { type: 'samples', shard: 0, epoch: 0, samples: [{ request: '', reply: '' }] }],
  ['an exit code out of nowhere', { type: 'failed', code: 'X', message: '', hint: '', exitCode: 77 }],
  ['a negative sequence', { type: 'snapshot', shard: 0, epoch: 0, sequence: -1, snapshot }],
])('%s is not an event', (_, message) => {
  expect(() => parseEvent(message)).toThrow(expect.objectContaining({ code: 'PROTOCOL_BAD_MESSAGE' }) as Error)
})
