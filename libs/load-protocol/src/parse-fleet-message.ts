import type { LoadPlan } from '@squall/load-plan'
import { z } from 'zod'
import type { AgentHello, Announcement, FleetEvent, FleetOrder } from './fleet-messages.ts'
import { fleetControl, index, milliseconds, plan, refusal, sample } from './message-parts.ts'
import { parse } from './parse-message.ts'
import type { SnapshotEvent } from './snapshot-event.ts'

const count = z.int().min(1)
const name = z.string().min(1)

const hello = z.object({ agent: name, host: z.string(), workers: count, squallVersion: z.string(), protocolVersion: z.number() })

/** A path that stays in the folder it is laid into. */
const relativePath = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\\\0]+$/, 'a path below the folder of the files')

const announcement = z.object({
  runId: name,
  squallVersion: z.string(),
  protocolVersion: z.number(),
  shards: count,
  leaseMs: z.number().positive(),
  allotment: z.record(z.string(), index),
  files: z.array(z.object({ path: relativePath, sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
  processor: relativePath.optional(),
})

const order = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), startAtMs: milliseconds }),
  z.object({ type: z.literal('control'), sequence: count, control: fleetControl }),
  z.object({ type: z.literal('stop'), atMs: milliseconds, drainMs: milliseconds }),
  z.object({ type: z.literal('end') }),
])

const ofShard = { shard: index, epoch: count }

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('joined'), host: z.string(), workers: count, cores: count }),
  z.object({ type: z.literal('refused'), ...refusal }),
  z.object({ type: z.literal('taken'), ...ofShard }),
  z.object({ type: z.literal('ready'), ...ofShard }),
  z.object({ type: z.literal('unprepared'), ...ofShard, ...refusal }),
  z.object({ type: z.literal('samples'), ...ofShard, samples: z.array(sample) }),
  z.object({ type: z.literal('finished'), ...ofShard, snapshots: index }),
  z.object({ type: z.literal('lost'), ...ofShard, cause: z.string() }),
  z.object({ type: z.literal('interrupted'), ...ofShard, cause: z.string() }),
  z.object({ type: z.literal('late'), ...ofShard, cause: z.string() }),
  z.object({ type: z.literal('released') }),
])

/** @throws CodedError PROTOCOL_BAD_MESSAGE; so do all of these. */
export const parseAgentHello = (message: unknown): AgentHello => parse(hello, message)

export function parseAnnouncement(message: unknown): Announcement {
  const { processor, ...rest } = parse(announcement, message)
  return processor === undefined ? rest : { ...rest, processor }
}

export const parseFleetOrder = (message: unknown): FleetOrder => parse(order, message)

/** Of all but numbers, which come packed. */
export const parseFleetEvent = (message: unknown): Exclude<FleetEvent, SnapshotEvent> => parse(event, message)

export const parsePlan = (message: unknown): LoadPlan => parse(plan, message)
