import { expect, test } from 'vitest'
import { parseAgentHello, parseAnnouncement, parseFleetEvent, parseFleetOrder, parsePlan } from './index.ts'
import type { AgentHello, Announcement, FleetEvent, FleetOrder } from './index.ts'

const hello: AgentHello = { agent: 'a', host: 'h', workers: 2, squallVersion: '1', protocolVersion: 3 }
const file = { path: 'pack/functions.ts', sha256: 'a'.repeat(64) }
const announcement: Announcement = {
  runId: 'r',
  squallVersion: '1',
  protocolVersion: 3,
  shards: 2,
  leaseMs: 15_000,
  allotment: { a: 2 },
  files: [file],
  processor: 'pack/functions.ts',
}
const ofShard = { shard: 0, epoch: 1 }
const refusal = { code: 'X', message: 'm', hint: 'h', exitCode: 2 } as const

const orders: FleetOrder[] = [
  { type: 'start', startAtMs: 1 },
  { type: 'control', sequence: 1, control: { type: 'pause', atMs: 5 } },
  { type: 'stop', atMs: 5_000, drainMs: 0 },
  { type: 'end' },
]
const events: Exclude<FleetEvent, { type: 'snapshot' }>[] = [
  { type: 'joined', host: 'h', workers: 2, cores: 4 },
  { type: 'refused', ...refusal },
  { type: 'taken', ...ofShard },
  { type: 'ready', ...ofShard },
  { type: 'unprepared', ...ofShard, ...refusal },
  { type: 'samples', ...ofShard, samples: [] },
  { type: 'finished', ...ofShard, snapshots: 0 },
  { type: 'lost', ...ofShard, cause: 'c' },
  { type: 'interrupted', ...ofShard, cause: 'c' },
  { type: 'late', ...ofShard, cause: 'c' },
  { type: 'released' },
]
const badMessage = expect.objectContaining({ code: 'PROTOCOL_BAD_MESSAGE' }) as Error

test('agents and runs are read as they present themselves', () => {
  expect(parseAgentHello(structuredClone(hello))).toEqual(hello)
  expect(parseAnnouncement(structuredClone(announcement))).toEqual(announcement)
  const { processor: _, ...plain } = announcement
  expect(parseAnnouncement(structuredClone(plain))).toEqual(plain)
})

test.each(orders)('an agent takes the order to $type as it was sent', (order) => {
  expect(parseFleetOrder(structuredClone(order))).toEqual(order)
})

test.each(events)('a controller takes $type of an agent as it was sent', (event) => {
  expect(parseFleetEvent(structuredClone(event))).toEqual(event)
})

test.each(['/etc/passwd', '../up.ts', 'a/../../b.ts', 'a/..', 'a\\b.ts', ''])(
  '%j is no place for a file that travels',
  (path) => {
    expect(() => parseAnnouncement({ ...announcement, files: [{ ...file, path }] })).toThrow(badMessage)
  },
)

test('an order to go to another target is none: agents were asked about the one of the plan alone [D8]', () => {
  const control = { type: 'set-target', atMs: 0, target: 'http://192.0.2.1/mcp' }
  expect(() => parseFleetOrder({ type: 'control', sequence: 1, control })).toThrow(badMessage)
})

test('anything else is refused', () => {
  expect(() => parseFleetOrder({ type: 'dance' })).toThrow(badMessage)
  expect(() => parseFleetEvent({ type: 'taken', shard: 0, epoch: 0 })).toThrow(badMessage)
  expect(() => parseFleetEvent({ type: 'snapshot', ...ofShard, sequence: 0, snapshot: {} })).toThrow(badMessage)
  expect(() => parsePlan({ version: 2 })).toThrow(badMessage)
})
