// Faults of Snowflake while `squall run` makes load: what clients see, how soon it is over, and that nothing stays behind.
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { faultCases, type FaultCase } from './faults/fault-cases.ts'
import { renderOutcomes, type FaultOutcome } from './faults/render-outcomes.ts'
import { runUnderFault } from './faults/run-under-fault.ts'
import { toldTexts } from './faults/told-texts.ts'
import { root } from './support/programs.ts'

/** Under `SQUALL_PROVE=1`, which `npm run prove` sets: all faults, with more time around them, and the page is written anew. */
const isWhole = process.env['SQUALL_PROVE'] === '1'
const timing = isWhole ? { beforeMs: 8_000, afterMs: 14_000 } : { beforeMs: 4_000, afterMs: 9_000 }
const { masterExpiry, refusedBriefly } = faultCases
const cases: readonly FaultCase[] = isWhole ? Object.values(faultCases) : [masterExpiry, refusedBriefly]

const outcomes: FaultOutcome[] = []

test.each(cases)(
  '$name: only errors that tell of it, success is soon back, nothing stays behind',
  async (fault) => {
    const outcome = await runUnderFault(fault, timing)
    outcomes.push({ fault, ...outcome })
    expect(outcome.after).toEqual(outcome.before)
    expect(outcome.review.recoverySeconds).toBeLessThanOrEqual(fault.recoverySeconds)
    expect(toldTexts(outcome.summary.samples).filter(({ text }) => fault.told?.test(text) !== true)).toEqual([])
    expect(outcome.review.after.failed).toBe(0)
  },
  180_000,
)

const page = `${root}docs/faults-under-load.md`
const marker = '<!-- measured -->'

afterAll(() => {
  if (!isWhole || outcomes.length < cases.length) return
  const [words = ''] = readFileSync(page, 'utf8').split(marker)
  writeFileSync(page, `${words}${marker}\n\n${renderOutcomes(outcomes)}\n`)
})
