import { z } from 'zod'
import { level, times } from './option-fields.ts'
import { defineShape } from './shape.ts'

const schema = z.strictObject(
  {
    from: level.optional(),
    steps: times.optional(),
    growth: z.enum(['linear', 'exponential'], 'linear or exponential').optional(),
  },
  'a mapping with any of from, steps and growth',
)

/**
 * Grows in `steps` (10) equally long steps from `from` (one step's height) to the peak, which nobody expects to reach: a threshold with
 * `abort: true` ends the run where the target breaks. `exponential` growth multiplies instead of adding.
 */
export const breakpoint = defineShape<z.output<typeof schema>>({
  name: 'breakpoint',
  schema,
  toStages: ({ from, steps = 10, growth = 'linear' }, { peak, durationMs }) => {
    const first = from ?? (growth === 'linear' ? peak / steps : Math.min(1, peak))
    const at = (index: number): number => {
      const part = steps === 1 ? 1 : index / (steps - 1)
      // A power of nothing is nothing: from 0 there is no exponential way up.
      return growth === 'exponential' && first > 0 ? first * (peak / first) ** part : first + (peak - first) * part
    }
    return Array.from({ length: steps }, (_, index) => {
      const to = at(index)
      return { name: `level ${index + 1}`, durationMs: durationMs / steps, from: to, to }
    })
  },
})
