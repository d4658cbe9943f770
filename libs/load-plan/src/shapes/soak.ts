import { z } from 'zod'
import { fitLengths, withoutEmpty } from './fit.ts'
import { duration } from './option-fields.ts'
import { defineShape } from './shape.ts'

const schema = z.strictObject({ up: duration.optional(), down: duration.optional() }, 'a mapping with any of up and down')

/** Of a soak, so much is spent on the way up, and so much on the way down. */
const usualShare = 0.05
const longestMs = 300_000

/** The peak held as long as possible, between short ways `up` and `down` (a twentieth of the time each, at most five minutes). */
export const soak = defineShape<z.output<typeof schema>>({
  name: 'soak',
  schema,
  toStages: ({ up, down }, { peak, durationMs }) => {
    const usualMs = Math.min(longestMs, durationMs * usualShare)
    const [upMs = 0, downMs = 0] = fitLengths([up ?? usualMs, down ?? usualMs], durationMs)
    return withoutEmpty([
      { name: 'ramp up', durationMs: upMs, from: 0, to: peak },
      { name: 'soak', durationMs: durationMs - upMs - downMs, from: peak, to: peak },
      { name: 'ramp down', durationMs: downMs, from: peak, to: 0 },
    ])
  },
})
