import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.ts'

test.each([
  ['calltool', 'callTool'],
  ['listTool', 'listTools'],
  ['pnig', undefined],
  ['thnik', undefined],
  ['thin', 'think'],
  ['xyzzy', undefined],
  ['', undefined],
])('"%s" probably meant %s', (name, nearest) => {
  expect(nearestName(name, ['callTool', 'listTools', 'ping', 'think'])).toBe(nearest)
})
