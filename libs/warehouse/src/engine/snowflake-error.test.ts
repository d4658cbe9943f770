import { expect, test } from 'vitest'
import { SnowflakeError } from './snowflake-error.ts'

test('an error carries code, state and place, and is an ordinary Error', () => {
  const cause = new Error('below')
  const error = new SnowflakeError('001003', '42000', 'SQL compilation error:', { line: 1, position: 7 }, cause)
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ code: '001003', sqlState: '42000', line: 1, position: 7, cause })
  expect(new SnowflakeError('000604', '57014', 'x')).toMatchObject({ line: undefined, position: undefined })
})
