import { expect, test } from 'vitest'
import { toStrftime } from './date-format.ts'

test.each([
  ['YYYY-MM-DD HH24:MI:SS.FF3', '%Y-%m-%d %H:%M:%S.%g'],
  ['yyyy-mm-dd"T"hh24:mi:ss tzh:tzm', '%Y-%m-%dT%H:%M:%S %z'],
  ['DY, DD MON YY HH12:MI AM', '%a, %d %b %y %I:%M %p'],
  ['MMMM 100%', '%B 100%%'],
])('%s is %s', (format, strftime) => expect(toStrftime(format)).toBe(strftime))
