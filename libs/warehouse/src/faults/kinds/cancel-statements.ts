import { sleep } from '@squall/time'
import { z } from 'zod'
import type { Statement } from '../../wire/statements/statement.ts'
import { defineFault } from '../fault.ts'
import { count, delayMs, pattern } from '../options.ts'

const options = z.strictObject({
  next: count.optional(),
  afterMs: delayMs.default(0),
  pattern: pattern.optional(),
})

/**
 * Cancels statements with 000604, as an administrator would: those that run, or, with `next`, so many that are still to come, each
 * after it has run for a while.
 */
export const cancelStatements = defineFault({
  name: 'cancel-statements',
  summary: 'statements are cancelled (000604): { next?, afterMs?, pattern? }; without next, those that run now',
  options,
  begin({ next, afterMs, pattern: wanted }, { clock, statements, hit, finish }) {
    const concerns = ({ request }: Statement): boolean => wanted?.test(request.sqlText) !== false
    if (next === undefined) {
      hit(statements.running().filter((statement) => concerns(statement) && statement.cancel()).length)
      finish()
      return {}
    }
    let left = next
    return {
      async onStatement(statement, signal) {
        if (!concerns(statement)) return
        left -= 1
        hit()
        if (left <= 0) finish()
        await sleep(clock, afterMs, signal)
        statement.cancel()
      },
    }
  },
})
