import { z } from 'zod'
import { fitLengths, withoutEmpty } from './fit.ts'
import { duration, level, times as count } from './option-fields.ts'
import { defineShape } from './shape.ts'

const schema = z.strictObject(
  { base: level.optional(), times: count.optional(), lasts: duration.optional() },
  'a mapping with any of base, times and lasts',
)

/** How much of the time is spent at the peak, unless `lasts` says otherwise. */
const usualShare = 0.2

/**
 * From `base` (a tenth of the peak) to the peak at once, for as long as `lasts`, and back at once; `times` (1) over, evenly spread. Before,
 * between and after the spikes the load stays at the base, so that the report shows how the target recovers.
 */
export const spike = defineShape<z.output<typeof schema>>({
  name: 'spike',
  schema,
  toStages: ({ base, times = 1, lasts }, { peak, durationMs }) => {
    const low = base ?? peak / 10
    const spikesMs = fitLengths(
      Array.from({ length: times }, () => lasts ?? (durationMs * usualShare) / times),
      durationMs,
    )
    const restMs = (durationMs - spikesMs.reduce((sum, lengthMs) => sum + lengthMs, 0)) / (times + 1)
    const name = (index: number): string => (times === 1 ? 'spike' : `spike ${index + 1}`)
    return withoutEmpty([
      { name: 'before', durationMs: restMs, from: low, to: low },
      ...spikesMs.flatMap((spikeMs, index) => [
        { name: name(index), durationMs: spikeMs, from: peak, to: peak },
        { name: `after ${name(index)}`, durationMs: restMs, from: low, to: low },
      ]),
    ])
  },
})
