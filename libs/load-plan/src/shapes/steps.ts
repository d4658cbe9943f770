import { z } from 'zod'
import { level, times } from './option-fields.ts'
import { defineShape } from './shape.ts'

const schema = z.strictObject(
  { levels: z.array(level).min(1, 'at least one level').optional(), count: times.optional(), from: level.optional() },
  'a mapping with levels, or with count and from',
)

/** Levels held one after another, equally long: those given, or `count` (5) of them evenly spread from `from` up to the peak. */
export const steps = defineShape<z.output<typeof schema>>({
  name: 'steps',
  schema,
  toStages: ({ levels, count = 5, from }, { peak, durationMs }) => {
    const held = levels ?? spread(from ?? peak / count, peak, count)
    return held.map((to, index) => ({ name: `step ${index + 1}`, durationMs: durationMs / held.length, from: to, to }))
  },
})

function spread(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (count === 1 ? to : from + ((to - from) * index) / (count - 1)))
}
