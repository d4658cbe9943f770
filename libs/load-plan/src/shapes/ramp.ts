import { z } from 'zod'
import { fitLengths, withoutEmpty } from './fit.ts'
import { duration, level } from './option-fields.ts'
import { defineShape } from './shape.ts'

const schema = z.strictObject(
  { from: level.optional(), up: duration.optional(), down: duration.optional() },
  'a mapping with any of from, up and down',
)

/** From `from` (0) to the peak within `up` (all the time that `down` leaves), held there, and back within `down` (not at all). */
export const ramp = defineShape<z.output<typeof schema>>({
  name: 'ramp',
  schema,
  toStages: ({ from = 0, up, down = 0 }, { peak, durationMs }) => {
    const [upMs = 0, downMs = 0] = fitLengths([up ?? Math.max(0, durationMs - down), down], durationMs)
    return withoutEmpty([
      { name: 'ramp up', durationMs: upMs, from, to: peak },
      { name: 'hold', durationMs: durationMs - upMs - downMs, from: peak, to: peak },
      { name: 'ramp down', durationMs: downMs, from: peak, to: from },
    ])
  },
})
