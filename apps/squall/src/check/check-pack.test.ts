import { freePort } from '@squall/testing'
import { expect, test } from 'vitest'
import { echoPack } from '../test/echo-pack.ts'
import { squall } from '../test/run-squall.ts'
import { startShelf } from '../test/shelf-server.ts'

const pack = (...steps: readonly string[]): string => `config:
  target: http://127.0.0.1:1/mcp
  squall: { clients: 4, duration: 30s, warmUp: 5s }
  variables: { tool: find_book }
scenarios:
  - name: reader
    weight: 3
    engine: mcp
    mcp: { clientKind: claude_code }
    flow:
      - mix:
${steps.map((step) => `          - ${step}`).join('\n')}
      - think: 1
  - name: looker
    engine: mcp
    flow: [ { listTools: {} } ]
`

const findBook = 'callTool: { name: find_book, arguments: { id: 7 } }'

test('a pack that is right is told by what it will do, and no load is made', async () => {
  const { code, stdout, stderr } = await squall(['check', 'books.yml', '--seed', '9'], { files: { 'books.yml': pack(findBook) } })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^books: nothing is wrong with it\n/)
  for (const line of [
    /^load +closed: 4 clients, 1 started per second$/m,
    /^lasts +30 s$/m,
    /^target +http:\/\/127\.0\.0\.1:1\/mcp$/m,
    /^warm-up +5 s, left out/m,
    /^seed +9$/m,
    /^must hold +failed<1%$/m,
    /^reader +75 % +claude_code +streamable-http +mix of 1, think$/m,
    /^looker +25 % +http_client +streamable-http +listTools$/m,
    /^claude_code +captured +Claude Code/m,
    /^http_client +assumed/m,
    /^find_book +reader$/m,
  ])
    expect(stdout).toMatch(line)
})

test('all that is wrong is told at once, with file and line', async () => {
  const wrong = pack('calTool: { name: find_book }').replace('duration: 30s', 'duration: soon')
  const { code, stdout, stderr } = await squall(['check', 'books.yml', '--clients', 'x'], { files: { 'books.yml': wrong } })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/--clients: found "x"/)
  expect(stderr).toMatch(/books\.yml:3:25 config\.squall\.duration: found "soon"/)
  expect(stderr).toMatch(/books\.yml:12:\d+ .*callTool/)
})

test('with --target the server says whether it has the tools, and whether it would take their arguments', async () => {
  const shelf = await startShelf()
  const steps = [
    findBook,
    'callTool: { name: list_book }',
    'callTool: { name: find_book, arguments: { id: 0, langg: en } }',
    'callTool: { name: lend_book, arguments: { id: "{{ $randomNumber(1, 9) }}" } }',
    'callTool: { name: "{{ tool }}" }',
  ]
  const files = { 'books.yml': pack(...steps) }
  const { code, stderr } = await squall(['check', 'books.yml', '--target', shelf.url], { files })
  expect(code).toBe(2)
  expect(stderr).toMatch(/books does not fit the server: 3 problems/)
  expect(stderr).toMatch(
    /books\.yml:13:\d+ .*name: found "list_book", .*tools find_book, list_books, .* \(did you mean list_books\?\)/,
  )
  expect(stderr).toMatch(/books\.yml:14:\d+ .*arguments\.id: found 0, expected .*must be >= 1/)
  expect(stderr).toMatch(/books\.yml:14:\d+ .*arguments\.langg: expected one of the arguments id, lang \(did you mean lang\?\)/)
  expect(shelf.counts.toolCalls).toBe(0)
  const right = await squall(['check', 'books.yml', '--target', shelf.url], {
    files: { 'books.yml': pack(findBook, steps[4] ?? '') },
  })
  expect(right.code).toBe(0)
  expect(right.stdout).toMatch(/^books: nothing is wrong with it, and the server has every tool it calls$/m)
  expect(right.stderr).toMatch(/note: .*which tool "\{\{ tool }}" becomes shows only in the run/)
})

test('a target that cannot be asked is exit code 6', async () => {
  const target = `http://127.0.0.1:${await freePort()}/mcp`
  const { code, stderr } = await squall(['check', 'echo.yml', '--target', target], { files: { 'echo.yml': echoPack() } })
  expect(code).toBe(6)
  expect(stderr).toMatch(/does not answer initialize: .* \(transport\.refused\)\nhint: .* \[SQUALL_TARGET_SAYS_NO]/)
})
