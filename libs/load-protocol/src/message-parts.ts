// What the schemas of messages are made of.
import { exitCodes, type ExitCode } from '@squall/errors'
import type { LoadPlan } from '@squall/load-plan'
import type { FailureSample, Snapshot } from '@squall/metrics'
import { z } from 'zod'

export const index = z.int().min(0)
export const milliseconds = z.number().min(0)
const knownExitCodes: ReadonlySet<unknown> = new Set(Object.values(exitCodes))
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
// Plans and snapshots are made by our own code; what can differ is their version, not their shape.
export const plan = z.custom<LoadPlan>((value) => isObject(value) && 'version' in value && value.version === 1)
export const snapshot = z.custom<Snapshot>(
  (value) => isObject(value) && 'second' in value && 'series' in value && 'generator' in value,
)
export const sample = z.custom<FailureSample>(
  (value) => isObject(value) && 'code' in value && 'request' in value && 'reply' in value,
)

const fleetControls = [
  z.object({ type: z.literal('pause'), atMs: milliseconds }),
  z.object({ type: z.literal('resume'), atWallMs: milliseconds }),
  z.object({ type: z.literal('reset-numbers'), fromSecond: index }),
  z.object({ type: z.literal('set-clients'), atMs: milliseconds, clients: index }),
  z.object({ type: z.literal('set-rate'), atMs: milliseconds, factor: z.number().min(0) }),
] as const
const setTarget = z.object({ type: z.literal('set-target'), atMs: milliseconds, target: z.string().min(1) })

/** An agent has looked at the target of the plan, and at no other. */
export const fleetControl = z.discriminatedUnion('type', fleetControls)
export const runControl = z.discriminatedUnion('type', [...fleetControls, setTarget])

export const refusal = {
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  exitCode: z.custom<ExitCode>((value) => knownExitCodes.has(value)),
}
