import { tokenize } from '@squall/snowflake-sql'
import { expect, test } from 'vitest'
import { toSnowflakeError } from './duckdb-errors.ts'
import { SnowflakeError } from './snowflake-error.ts'

const tokens = tokenize('SELECT total FROM orders')

test.each([
  ['INTERRUPT Error: Interrupted!', '000604', 'SQL execution canceled'],
  ['Binder Error: Table "o" does not have a column named "total"', '000904', "invalid identifier 'O.TOTAL'"],
  ['Binder Error: Column "total" does not exist', '000904', "error line 1 at position 7\ninvalid identifier 'TOTAL'"],
  ['Binder Error: Values list "v" does not have a column named "x"', '000904', "invalid identifier 'V.X'"],
  ['Catalog Error: Table with name orders does not exist!', '002003', "Object 'ORDERS' does not exist or not authorized."],
  ['Catalog Error: Scalar Function with name total does not exist!', '002140', 'Unknown function TOTAL'],
  ['Binder Error: Function "total" is a table function', '002140', 'Unknown function TOTAL'],
  [
    'Binder Error: Macro total() does not support the supplied arguments.',
    '001044',
    "Invalid argument types for function 'TOTAL'",
  ],
  [
    'Binder Error: Could not choose a best candidate function for the function call "total(DATE)".',
    '001044',
    "Invalid argument types for function 'TOTAL': (DATE)",
  ],
  ['Parser Error: syntax error at or near "total"', '001003', "unexpected 'total'"],
  ['Parser Error: syntax error at or near "nowhere"', '001003', "syntax error line 1 at position 0 unexpected 'nowhere'"],
  ['Parser Error: syntax error at end of input', '001003', "unexpected '<EOF>'"],
  ['Constraint Error: NOT NULL constraint failed: orders.total', '100072', 'NULL result in a non-nullable column total'],
  ['Conversion Error: Unimplemented type for cast (DATE -> INTEGER)', '100038', 'A value is not recognized'],
  ["Conversion Error: Could not read 'abc' as a moon phase", '100038', "Value 'abc' is not recognized"],
  ['Out of Range Error: something else', '100046', 'Number out of representable range'],
  ['Not implemented Error: a rare join', '000002', 'Unsupported feature'],
  ['TransactionContext Error: Conflict on update!', '000625', 'another transaction changed it first'],
  ['Out of Memory Error: no more', '000603', 'SQL execution internal error'],
  ['Binder Error: LIMIT/OFFSET cannot be negative', '001003', "unexpected '-'"],
  ['Binder Error: ORDER term out of range - should be between 1 and 6', '001003', 'invalid ORDER BY position, expected 1 to 6'],
  [
    "Binder Error: No function matches the given name and argument types 'total(DECIMAL(10,2), STRING_LITERAL)'.",
    '001044',
    "'TOTAL': (NUMBER(10,2), VARCHAR(16777216))",
  ],
  ['Out of Range Error: Overflow in multiplication of INT64', '100046', 'Number out of representable range'],
  ['Invalid Input Error: Cannot execute statement: database is attached in read-only mode!', '003001', 'Insufficient privileges'],
  [
    'Binder Error: something nobody has seen\nwith details',
    '001003',
    'SQL compilation error:\nThe statement cannot be compiled.',
  ],
])('%s is %s', (text, code, message) => {
  const cause = new Error(text)
  const error = toSnowflakeError(cause, { tokens })
  expect(error).toMatchObject({ code, cause })
  expect(error.message).toContain(message)
})

test('what is Snowflake’s already stays; what is no error at all is an internal one', () => {
  const own = new SnowflakeError('000002', '0A000', 'Unsupported feature')
  expect(toSnowflakeError(own, { tokens })).toBe(own)
  expect(toSnowflakeError('odd', { tokens: [] }).message).not.toContain('odd')
})
