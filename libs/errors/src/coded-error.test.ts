import { expect, test } from 'vitest'
import { defineErrors } from './catalogue.ts'
import { CodedError } from './coded-error.ts'
import { exitCodes } from './exit-codes.ts'

const { BUSY } = defineErrors({ BUSY: { summary: 'too busy', hint: 'wait', exitCode: exitCodes.internal } })

test('a refusal says all that an error says, and carries no stack; errors made after it have theirs', () => {
  const cause = new Error('why')
  const refusal = CodedError.refusal(BUSY, { message: 'the third today', cause })
  expect(refusal).toEqual(new CodedError(BUSY, { message: 'the third today', cause }))
  expect(refusal).toMatchObject({ code: 'BUSY', hint: 'wait', message: 'the third today', cause })
  expect(refusal.stack).not.toContain('coded-error.test')
  expect(new CodedError(BUSY).stack).toContain('coded-error.test')
})
