import { seededRandom } from '@squall/time'
import type { PayloadPlan } from './load-plan.ts'

/** Keeps the rows of a client apart from its other random choices. */
const payloadStream = 0x70617921

/**
 * The number of the row that client `index` takes, the same whichever shard runs it. In `sequence`, no two clients get one row
 * until all are taken.
 * @param payload with at least one row.
 */
export function payloadRow(payload: PayloadPlan, index: number, seed: number): number {
  if (payload.order === 'sequence') return index % payload.rows.length
  return Math.floor(seededRandom(seed ^ payloadStream, index).next() * payload.rows.length)
}
