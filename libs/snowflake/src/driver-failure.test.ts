import { CodedError } from '@squall/errors'
import { expect, test } from 'vitest'
import { signInFailure, statementFailure } from './driver-failure.ts'

/** An error as the driver makes them. */
const driverError = (name: string, more: object = {}): Error => Object.assign(new Error('said so'), { name, ...more })

test.each([
  ['NetworkError', 'SNOWFLAKE_UNREACHABLE'],
  ['RequestFailedError', 'SNOWFLAKE_UNREACHABLE'],
  ['MissingParameterError', 'SNOWFLAKE_BAD_OPTIONS'],
  ['InvalidParameterError', 'SNOWFLAKE_BAD_OPTIONS'],
  ['OperationFailedError', 'SNOWFLAKE_SIGN_IN_FAILED'],
  ['Error', 'SNOWFLAKE_SIGN_IN_FAILED'],
])('signing in with a %s is %s', (name, code) =>
  expect(signInFailure(driverError(name))).toMatchObject({ code, message: 'said so' }),
)

test.each([
  ['NetworkError', 'SNOWFLAKE_UNREACHABLE'],
  ['LargeResultSetError', 'SNOWFLAKE_UNREACHABLE'],
  ['OperationFailedError', 'SNOWFLAKE_QUERY_FAILED'],
  ['SyntaxError', 'SNOWFLAKE_BAD_VALUE'],
])('a statement with a %s is %s', (name, code) => expect(statementFailure(driverError(name))).toMatchObject({ code }))

test('a number for a code is as good as text', () => {
  expect(statementFailure(driverError('ClientError', { code: 407_002 }))).toMatchObject({
    code: 'SNOWFLAKE_SESSION_LOST',
    message: 'said so (407002)',
  })
})

test('a place Snowflake does not know is left out', () => {
  const data = { line: -1, pos: -1 }
  const error = statementFailure(driverError('OperationFailedError', { code: '000001', data }))
  expect(error).toMatchObject({ line: undefined, position: undefined, queryId: undefined, sqlState: undefined })
})

test.each([[undefined], ['just text'], [{}], [{ message: '' }]])('even %j thrown becomes a coded error', (thrown) => {
  expect(statementFailure(thrown)).toMatchObject({ code: 'SNOWFLAKE_BAD_VALUE', message: 'the driver gave no reason' })
})

test('an error that has a code already stays itself', () => {
  const error = statementFailure(new Error('first'))
  expect(statementFailure(error)).toBe(error)
  expect(error).toBeInstanceOf(CodedError)
})
