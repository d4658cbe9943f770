import { CodedError } from '@squall/errors'
import { z } from 'zod'
import { loadProtocolErrors } from './errors.ts'
import { index, milliseconds, plan, refusal, runControl, sample, snapshot } from './message-parts.ts'
import { protocolVersion, type GeneratorCommand, type GeneratorEvent } from './messages.ts'

const command = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('prepare'),
    runId: z.string().min(1),
    plan,
    share: z.object({ index, count: z.int().min(1) }),
    epoch: index,
  }),
  z.object({ type: z.literal('start'), startAtWallMs: milliseconds, fromMs: milliseconds, pausedMs: milliseconds }),
  z.object({ type: z.literal('lease'), untilMs: milliseconds }),
  z.object({
    type: z.literal('control'),
    sequence: z.int().min(1),
    control: runControl,
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
    ...refusal,
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

/** @throws CodedError PROTOCOL_BAD_MESSAGE */
export function parse<T>(schema: z.ZodType<T>, message: unknown): T {
  const result = schema.safeParse(message)
  if (result.success) return result.data
  throw new CodedError(loadProtocolErrors.PROTOCOL_BAD_MESSAGE, {
    problems: result.error.issues.map(({ path, message }) => ({ where: path.join('.') || 'message', expected: message })),
  })
}
