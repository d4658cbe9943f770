import { expect, test } from 'vitest'
import { SnowflakeQueryError } from './query-error.ts'

test('a failed statement carries what Snowflake said of it', () => {
  const error = new SnowflakeQueryError({
    snowflakeCode: '000904',
    sqlState: '42000',
    message: "invalid identifier 'X'",
    line: 2,
    position: 7,
  })
  expect(error).toMatchObject({
    code: 'SNOWFLAKE_QUERY_FAILED',
    snowflakeCode: '000904',
    sqlState: '42000',
    line: 2,
    position: 7,
  })
  expect(error.message).toBe("invalid identifier 'X'")
  expect(error.queryId).toBeUndefined()
})
