import { CodedError, exitCodes, type ExitCode } from '@squall/errors'
import type { LoadPlan } from '@squall/load-plan'
import type { FailureSample, Snapshot } from '@squall/metrics'
import { z } from 'zod'
import { loadProtocolErrors } from './errors.ts'
import { protocolVersion, type GeneratorCommand, type GeneratorEvent } from './messages.ts'

const index = z.int().min(0)
const milliseconds = z.number().min(0)
const knownExitCodes: ReadonlySet<unknown> = new Set(Object.values(exitCodes))
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
// Plans and snapshots are made by our own code; what can differ is their version, not their shape.
const plan = z.custom<LoadPlan>((value) => isObject(value) && 'version' in value && value.version === 1)
const snapshot = z.custom<Snapshot>((value) => isObject(value) && 'second' in value && 'series' in value && 'generator' in value)

const sample = z.custom<FailureSample>((value) => isObject(value) && 'code' in value && 'request' in value && 'reply' in value)

const command = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('prepare'),
    runId: z.string().min(1),
    plan,
    share: z.object({ index, count: z.int().min(1) }),
    epoch: index,
  }),
  z.object({ type: z.literal('start'), startAtWallMs: milliseconds }),
  z.object({
    type: z.literal('control'),
    sequence: z.int().min(1),
    control: z.discriminatedUnion('type', [
      z.object({ type: z.literal('pause'), atMs: milliseconds }),
      z.object({ type: z.literal('resume'), atWallMs: milliseconds }),
      z.object({ type: z.literal('set-clients'), atMs: milliseconds, clients: index }),
      z.object({ type: z.literal('set-rate'), atMs: milliseconds, factor: z.number().min(0) }),
    ]),
  }),
  z.object({ type: z.literal('stop'), drainMs: milliseconds }),
])

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocolVersion: z.number(), pid: z.int() }),
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('snapshot'), shard: index, epoch: index, sequence: index, snapshot }),
  z.object({ type: z.literal('samples'), shard: index, epoch: index, samples: z.array(sample) }),
  z.object({ type: z.literal('finished'), shard: index, epoch: index, snapshots: index }),
  z.object({
    type: z.literal('failed'),
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    exitCode: z.custom<ExitCode>((value) => knownExitCodes.has(value)),
  }),
])

/**
 * Checks a message that arrived at a generator.
 * @throws CodedError PROTOCOL_BAD_MESSAGE
 */
export function parseCommand(message: unknown): GeneratorCommand {
  return parse(command, message)
}

/**
 * Checks a message that arrived at the controller; a hello must speak this side's version.
 * @throws CodedError PROTOCOL_BAD_MESSAGE, PROTOCOL_VERSION_MISMATCH
 */
export function parseEvent(message: unknown): GeneratorEvent {
  const parsed = parse(event, message)
  if (parsed.type === 'hello' && parsed.protocolVersion !== protocolVersion)
    throw new CodedError(loadProtocolErrors.PROTOCOL_VERSION_MISMATCH, {
      message: `a generator speaks protocol version ${parsed.protocolVersion}, this controller speaks ${protocolVersion}`,
    })
  return parsed
}

function parse<T>(schema: z.ZodType<T>, message: unknown): T {
  const result = schema.safeParse(message)
  if (result.success) return result.data
  throw new CodedError(loadProtocolErrors.PROTOCOL_BAD_MESSAGE, {
    problems: result.error.issues.map(({ path, message }) => ({ where: path.join('.') || 'message', expected: message })),
  })
}
