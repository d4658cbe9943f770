import { seededRandom, sleep } from '@squall/time'
import { z } from 'zod'
import { delayDistribution, drawDelayMs } from '../delay-distribution.ts'
import { defineFault } from '../fault.ts'
import { chance, createLottery, pattern } from '../options.ts'

const rule = z.strictObject({ delay: delayDistribution, pattern: pattern.optional(), ratio: chance.ratio })
const options = z.strictObject({ rules: z.array(rule).min(1), seed: chance.seed })

/** Makes statements take longer. They wait in their place in the warehouse, and cost no work. The first rule that fits counts. */
export const latency = defineFault({
  name: 'latency',
  summary: 'statements take longer: { rules: [{ delay, pattern?, ratio? }], seed? }',
  options,
  begin({ rules, seed }, { clock, hit }) {
    const random = seededRandom(seed, 1)
    const prepared = rules.map((one, index) => ({ ...one, strikes: createLottery({ ratio: one.ratio, seed: seed + index }) }))
    return {
      async onStatement({ request }, signal) {
        const found = prepared.find((one) => one.pattern?.test(request.sqlText) !== false)
        if (!found?.strikes()) return
        hit()
        await sleep(clock, drawDelayMs(found.delay, random), signal)
      },
    }
  },
})
