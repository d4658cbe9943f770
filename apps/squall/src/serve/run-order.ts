import { parsePlan } from '@squall/load-protocol'
import type { LoadPlan } from '@squall/load-plan'
import { z } from 'zod'

/** What is to be run, and how: all that a server needs to begin a run, or to go on with one. */
export interface RunOrder {
  readonly plan: LoadPlan
  readonly settings: OrderSettings
}

export type OrderSettings = z.output<typeof orderSettings>

const orderSettings = z.strictObject({
  /** Generators in all; told by the machine, or by the agents, unless given. */
  workers: z.number().optional(),
  /** How many agents to wait for; whoever is there unless given. */
  agents: z.number().optional(),
  leaseMs: z.number().optional(),
  allowLossRatio: z.number(),
})

/**
 * Reads what `JSON.stringify` made of an order.
 * @throws Error where it is none.
 */
export function parseOrder(text: string): RunOrder {
  const { plan, settings } = z.strictObject({ plan: z.unknown(), settings: orderSettings }).parse(JSON.parse(text))
  return { plan: parsePlan(plan), settings }
}
