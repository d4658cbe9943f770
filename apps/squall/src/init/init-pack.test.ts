import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { squall, startSquall, type RunningSquall } from '../test/run-squall.ts'
import { startShelf } from '../test/shelf-server.ts'

const packOf = ({ directory }: RunningSquall, folder: string): string => readFileSync(join(directory, folder, 'pack.yml'), 'utf8')

test('a pack is written that calls what only reads, leaves the rest as comments, and passes check and run', async () => {
  const shelf = await startShelf()
  const running = startSquall(['init', '--target', shelf.url])
  const { code, stdout, stderr } = await running.ended
  expect(code).toBe(0)
  expect(stdout).toMatch(/scripted\/pack\.yml: calls 2 of the 5 tools of scripted\nthe other 3 stand there as comments/)
  expect(stderr).toBe('calling find_book once\ncalling list_books once\ncalling read_page once\n')
  const pack = packOf(running, 'scripted')
  expect(pack).toMatch(/^ +- \{ weight: 1, callTool: \{ name: find_book, arguments: \{"id":1} } }$/m)
  expect(pack).toMatch(/^ +# Finds a book\.\n +# also takes lang\n +# only reads, says the server\n/m)
  expect(pack).toMatch(/^# fails with the arguments made up for it: Unknown tool: read_page\n# - .*read_page/m)
  expect(pack).toMatch(/^# the server says it may destroy something\n# - .*burn_book/m)
  expect(pack).toMatch(/^# the server does not say that it only reads\n# - .*lend_book/m)
  expect([...shelf.counts.tools.keys()].toSorted()).toEqual(['find_book', 'list_books', 'read_page'])
  const cwd = { cwd: running.directory }
  expect(await squall(['check', 'scripted', '--target', shelf.url], cwd)).toMatchObject({ code: 0 })
  expect(await squall(['run', 'scripted', '--duration', '1s', '--report', 'report'], cwd)).toMatchObject({
    code: 0,
    summary: { totals: { failed: 0 }, errors: {} },
  })
})

test('what is there already is not overwritten without --force', async () => {
  const shelf = await startShelf()
  const args = ['init', '--target', shelf.url, '--out', 'mine', '--untried']
  const first = startSquall(args, { files: { 'mine/pack.yml': 'my own work' } })
  const { code, stderr } = await first.ended
  expect(code).toBe(2)
  expect(stderr).toMatch(/mine\/pack\.yml is there already\nhint: .*--force.* \[SQUALL_WOULD_OVERWRITE]/)
  expect(packOf(first, 'mine')).toBe('my own work')
  expect(await squall([...args, '--force'], { cwd: first.directory })).toMatchObject({ code: 0 })
  expect(packOf(first, 'mine')).toContain('find_book')
  expect(shelf.counts.toolCalls).toBe(0)
})

test('a credential is used, and does not land in the pack', async () => {
  const shelf = await startShelf()
  const running = startSquall(['init', '--target', shelf.url, '--header', 'Authorization: Bearer s3cret', '--untried'])
  const { code, stdout } = await running.ended
  expect(code).toBe(0)
  expect(shelf.seen.every(({ headers }) => headers['authorization'] === 'Bearer s3cret')).toBe(true)
  expect(packOf(running, 'scripted')).toContain('authorization: "{{ $env.MCP_AUTHORIZATION }}"')
  expect(packOf(running, 'scripted')).not.toContain('s3cret')
  expect(stdout).toContain('set MCP_AUTHORIZATION before you run it')
})

test('a server that its client starts is spoken to over its standard streams', async () => {
  const server = fileURLToPath(new URL('../test/stdio-shelf.ts', import.meta.url))
  const running = startSquall(['init', '--target', `node ${server}`, '--out', 'shelf'])
  expect(await running.ended).toMatchObject({ code: 0 })
  expect(packOf(running, 'shelf')).toMatch(/transport: stdio/)
  const options = { cwd: running.directory }
  expect(await squall(['run', 'shelf', '--duration', '1s', '--report', 'report'], options)).toMatchObject({
    code: 0,
    summary: { errors: {} },
  })
})

test.each([
  ['no target', [], /--target: expected a URL, or a command line/],
  [
    'an unknown transport',
    ['--target', 'http://h', '--transport', 'websockt'],
    /--transport: found "websockt", expected one of .*streamable-http/,
  ],
  ['a header without a value', ['--target', 'http://h', '--header', 'x'], /--header: .*expected text such as "name: value"/],
  ['a variable that is not set', ['--target', 'http://h', '--header', 'a: {{ $env.NOWHERE }}'], /variable NOWHERE to be set/],
])('%s is exit code 2', async (_, args, message) => {
  const { code, stderr } = await squall(['init', ...args])
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})

test('a place that cannot be written is exit code 9', async () => {
  const shelf = await startShelf()
  const { code, stderr } = await squall(['init', '--target', shelf.url, '--untried', '--out', '/proc/squall'])
  expect(code).toBe(9)
  expect(stderr).toContain('[SQUALL_NOT_WRITABLE]')
})
