import { z } from 'zod'
import { SnowflakeError } from '../../engine/snowflake-error.ts'
import { defineFault } from '../fault.ts'
import { chance, count, createLottery, pattern } from '../options.ts'

const options = z.strictObject({
  code: z
    .string()
    .regex(/^\d{6}$/, 'expected the six digits of an error code, such as "000603"')
    .default('000603'),
  sqlState: z
    .string()
    .regex(/^[0-9A-Z]{5}$/, 'expected the five characters of an SQL state')
    .default('XX000'),
  message: z.string().min(1).default('SQL execution internal error: injected'),
  count: count.optional(),
  pattern: pattern.optional(),
  ...chance,
})

/** Ends statements with an error in place of running them; after so many it stops by itself. */
export const failStatements = defineFault({
  name: 'fail-statements',
  summary: 'statements fail: { code?, sqlState?, message?, count?, pattern?, ratio?, seed? }',
  options,
  begin({ code, sqlState, message, count: times = Infinity, pattern: wanted, ...luck }, { hit, finish }) {
    const strikes = createLottery(luck)
    let left = times
    return {
      onStatement({ request }) {
        if (wanted?.test(request.sqlText) === false || !strikes()) return Promise.resolve()
        hit()
        left -= 1
        if (left <= 0) finish()
        return Promise.reject(new SnowflakeError(code, sqlState, message))
      },
    }
  },
})
