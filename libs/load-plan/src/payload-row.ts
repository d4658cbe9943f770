import { seededRandom } from '@squall/time'
import type { LoadModel, PayloadPlan } from './load-plan.ts'

/** Keeps the drawing of rows apart from other random choices; that of each further file is the next number. */
const payloadStream = 0x70617921

/**
 * The number of a client's iteration among all iterations of the run, the same whichever shard makes it. No two have one number, as long
 * as a closed plan's clients are those it was made for; arrivals run their flow once.
 * @param index the client's number in the whole run.
 * @param iteration how many this client has made before.
 */
export function turnOf(model: LoadModel, index: number, iteration: number): number {
  return model.type === 'closed' ? iteration * model.clients + index : index + iteration
}

/** Whether live control added the client to those a closed plan was made for, so that its turns are also those of others. */
export const isBeyondPlan = (model: LoadModel, index: number): boolean => model.type === 'closed' && index >= model.clients

/**
 * The number of the row that a turn takes, the same whichever shard makes it.
 * @param payload with at least one row.
 * @param file its place among the data files of the plan, which are drawn from independently of each other.
 * @returns undefined where each row is handed out once, and all are.
 */
export function payloadRow({ order, rows }: PayloadPlan, turn: number, seed: number, file = 0): number | undefined {
  if (order === 'sequence') return turn % rows.length
  if (order === 'unique') return turn < rows.length ? turn : undefined
  return Math.floor(seededRandom(seed ^ (payloadStream + file), turn).next() * rows.length)
}
