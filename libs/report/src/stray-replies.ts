import { formatCount } from './format-number.ts'
import type { Summary } from './summary.ts'

/** What answers without a question say of a target, in one sentence. */
export function renderStrays({ strayReplies }: Pick<Summary['totals'], 'strayReplies'>): string {
  const count = strayReplies === 1 ? '1 answer' : `${formatCount(strayReplies)} answers`
  return `${count} came that nobody waited for: late, doubled, or with an unknown id. No call counts them.`
}
