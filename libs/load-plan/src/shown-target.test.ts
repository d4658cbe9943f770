import { expect, test } from 'vitest'
import { shownTarget } from './shown-target.ts'

test.each([
  ['http://ann:s3cret@h:81/mcp', 'http://***@h:81/mcp'],
  ['https://s3cret@h/mcp', 'https://***@h/mcp'],
  ['ftp://user:pw@h/x', 'ftp://***@h/x'],
  ['ws://user:pw@h/mcp', 'ws://***@h/mcp'],
  ['htp//user:pw@h/x', 'htp//***@h/x'],
  ['http://us@er:pw@h:99999/x', 'http://***@h:99999/x'],
  ['npx server postgres://user:pw@h/db', 'npx server postgres://***@h/db'],
  ['https://h/mcp?api_key=s3cret&tenant=7', 'https://h/mcp?api_key=***&tenant=***'],
])('the credentials in %s are hidden', (target, shown) => {
  expect(shownTarget(target)).toBe(shown)
})

test.each(['http://127.0.0.1:3000/mcp', 'http://h', 'npx some-server --stdio', 'node server.js?a=b'])(
  '%s is shown as it was written',
  (target) => {
    expect(shownTarget(target)).toBe(target)
  },
)
