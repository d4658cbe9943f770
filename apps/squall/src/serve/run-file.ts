import { exitCodes, renderValue, type CodedError, type Problem } from '@squall/errors'
import { z } from 'zod'

const problem = z.strictObject({
  where: z.string(),
  value: z.unknown().optional(),
  expected: z.string(),
  hint: z.string().optional(),
})

const failure = z.strictObject({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  problems: z.array(problem),
})

/** By what its caller knows the request for a run again, and what that asked for. */
const requestKey = z.strictObject({ key: z.string(), sha256: z.string() })

const facts = {
  schema: z.literal('squall/served-run@1'),
  id: z.uuid(),
  pack: z.string(),
  /** As it may be shown. */
  target: z.string(),
  fabric: z.enum(['local', 'bullmq']),
  createdAt: z.iso.datetime(),
  request: requestKey.optional(),
}

const over = { endedAt: z.iso.datetime() }

const runFile = z.discriminatedUnion('state', [
  /** Waits for its turn. */
  z.strictObject({ ...facts, state: z.literal('queued') }),
  /** Agents and generators are made ready. */
  z.strictObject({ ...facts, state: z.literal('preparing') }),
  z.strictObject({ ...facts, state: z.literal('running'), startedAt: z.iso.datetime() }),
  /** Over, with a report. */
  z.strictObject({
    ...facts,
    ...over,
    state: z.literal('ended'),
    startedAt: z.iso.datetime(),
    verdict: z.enum(['pass', 'fail', 'inconclusive', 'stopped', 'degraded']),
    reasons: z.array(z.string()),
    exitCode: z.number(),
  }),
  /** Over, without a report: it never made load, or nobody can tell of it. */
  z.strictObject({ ...facts, ...over, state: z.literal('failed'), failure, exitCode: z.number() }),
  /** Stopped before it made load. */
  z.strictObject({ ...facts, ...over, state: z.literal('cancelled'), exitCode: z.literal(exitCodes.stopped) }),
])

/** `run.json` of a run that a server was asked for: what it is, and where it stands. */
export type RunFile = z.output<typeof runFile>
export type RequestKey = z.output<typeof requestKey>
export type RunFacts = Pick<RunFile, keyof typeof facts>
type WithoutFacts<T> = T extends unknown ? Omit<T, keyof RunFacts> : never
/** Where a run stands, and what is known there. */
export type RunStanding = WithoutFacts<RunFile>

/** @throws Error where it is none. */
export const parseRunFile = (text: string): RunFile => runFile.parse(JSON.parse(text))

export const factsOf = ({ schema, id, pack, target, fabric, createdAt, request }: RunFile): RunFacts => ({
  schema,
  id,
  pack,
  target,
  fabric,
  createdAt,
  ...(request && { request }),
})

export const isOver = ({ state }: RunFile): boolean => state === 'ended' || state === 'failed' || state === 'cancelled'

/** More is not read, and a text of a megabyte can hold a hundred thousand. */
const mostProblems = 100

/** @returns as many problems as are read, and how many more there are; the same where it is asked of that again. */
export function shownProblems(problems: readonly Problem[]): readonly Problem[] {
  const rest = problems.length - mostProblems
  if (rest <= 1) return problems
  return [...problems.slice(0, mostProblems), { where: `${rest} more places`, expected: 'to be mended as well' }]
}

/** What a person needs of an error. */
export function toFailure({ code, message, hint, problems }: CodedError): z.output<typeof failure> {
  const shown = shownProblems(problems).map(({ value, ...problem }) => Object.assign(problem, { value: shownValue(value) }))
  return { code, message, hint, problems: shown }
}

/** What is not one value is told as text, and not at length: it may be all that was sent. */
const shownValue = (value: unknown): unknown => (typeof value === 'object' && value !== null ? renderValue(value) : value)
