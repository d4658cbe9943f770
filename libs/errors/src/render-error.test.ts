import { expect, test } from 'vitest'
import { CodedError, defineErrors, exitCodes, renderError } from './index.ts'

const errors = defineErrors({
  DEMO_INVALID: { summary: 'The demo is not valid.', hint: 'See the demo guide.', exitCode: exitCodes.badInput },
})

test('a coded error reads as what happened, every problem, the hint and the code', () => {
  const error = new CodedError(errors.DEMO_INVALID, {
    message: 'pack.yml has 2 problems',
    problems: [
      { where: 'pack.yml:3:5 config.squall.clients', value: -3, expected: 'a whole number of at least 1' },
      { where: 'pack.yml:9:3 scenarios', expected: 'at least one scenario', hint: 'add one' },
    ],
  })
  expect(renderError(error)).toBe(
    [
      'error: pack.yml has 2 problems',
      '  pack.yml:3:5 config.squall.clients: found -3, expected a whole number of at least 1',
      '  pack.yml:9:3 scenarios: expected at least one scenario (add one)',
      'hint: See the demo guide. [DEMO_INVALID]',
    ].join('\n'),
  )
})

test('without details the catalogue speaks', () => {
  const error = new CodedError(errors.DEMO_INVALID)
  expect(error).toMatchObject({ code: 'DEMO_INVALID', exitCode: 2, message: 'The demo is not valid.', problems: [] })
  expect(error.cause).toBeUndefined()
})

test('a hint and a cause of the very case win over the catalogue', () => {
  const cause = new Error('below')
  const error = new CodedError(errors.DEMO_INVALID, { hint: 'Use 3.', cause })
  expect(error.hint).toBe('Use 3.')
  expect(error.cause).toBe(cause)
})

test('a long value is cut, and one JSON cannot say is still named', () => {
  const problems = [
    { where: 'a', value: 'x'.repeat(500), expected: 'less' },
    { where: 'b', value: Symbol('odd'), expected: 'text' },
    { where: 'c', value: JSON.parse('['.repeat(300_000) + ']'.repeat(300_000)) as unknown, expected: 'less' },
  ]
  const text = renderError(new CodedError(errors.DEMO_INVALID, { problems }))
  expect(text).toContain('…, expected less')
  expect(text).toContain('found Symbol(odd), expected text')
  expect(text).toContain('found what is nested too deeply, expected less')
  expect(text.split('\n')[1]?.length).toBeLessThan(120)
})

test('an error nobody coded is called internal, without its stack', () => {
  expect(renderError(new TypeError('x is not a function'))).toBe('internal error: x is not a function')
  expect(renderError('just text')).toBe('internal error: just text')
})
