import type { LifeCyclePlan } from '@squall/load-plan'
import { z } from 'zod'
import { ratio, someDuration, trueOrFalse, weight, wholeNumber } from '../fields.ts'

const expected = 'a mapping of settings such as sessionIterations, abandon, holdStream, reconnect and idle'

const lifeCycle = z.strictObject(
  {
    weight: weight().optional(),
    /** After so many iterations the client leaves its session and opens another. */
    sessionIterations: wholeNumber(1).optional(),
    sessionDuration: someDuration.optional(),
    /** The share of sessions left without a DELETE. */
    abandon: ratio().optional(),
    holdStream: trueOrFalse.optional(),
    /** How often the client breaks its push stream and resumes it. */
    reconnect: someDuration.optional(),
    /** How long it stays without a call, instead of walking its flow. */
    idle: someDuration.optional(),
  },
  expected,
)

type LifeCycle = z.output<typeof lifeCycle>

/** `mcp.lifeCycle`: one, or several by weight. */
export const lifeCycleSection = z
  .union([lifeCycle, z.array(lifeCycle).min(1, expected)], expected)
  .transform((cycles) => [cycles].flat().map(toPlan))

function toPlan({
  weight = 1,
  sessionDuration: sessionMs,
  abandon: abandonRatio,
  holdStream,
  reconnect,
  idle,
  ...rest
}: LifeCycle): LifeCyclePlan {
  const plan = { sessionMs, abandonRatio, holdsStream: holdStream, reconnectMs: reconnect, idleMs: idle, ...rest }
  return { weight, ...Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined)) }
}
