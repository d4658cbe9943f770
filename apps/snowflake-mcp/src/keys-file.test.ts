import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '@squall/errors'
import type { ApiKey } from '@squall/mcp-server'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, expect, test } from 'vitest'
import { readKeysFile } from './keys-file.ts'

const directory = temporaryDirectory(afterAll)
const path = join(directory, 'keys.json')

function read(content: unknown): { readonly keys: readonly ApiKey[]; readonly problems: readonly Problem[] } {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  const problems: Problem[] = []
  return { keys: readKeysFile(path, '--keys-file', problems), problems }
}

const key = { name: 'bi', sha256: 'ab'.repeat(32), scopes: ['query'] }

test('a key has a name, a hash and scopes, and may have an end, places, a role and a priority', () => {
  const full = {
    ...key,
    name: 'etl',
    sha256: 'CD'.repeat(32),
    expiresAt: '2027-01-31T00:00:00+01:00',
    allowFrom: ['10.0.0.0/8', '::1'],
    role: 'ANALYST',
    priority: 'high',
  }
  const { keys, problems } = read({ keys: [key, full] })
  expect(problems).toEqual([])
  expect(keys).toMatchObject([
    key,
    {
      name: 'etl',
      sha256: 'cd'.repeat(32),
      expiresAtMs: Date.UTC(2027, 0, 30, 23),
      allowFrom: ['10.0.0.0/8', '::1'],
      role: 'ANALYST',
      priority: 'high',
    },
  ])
})

test('everything wrong is told at once, and by its place', () => {
  const { keys, problems } = read({
    keys: [
      { name: 'a b', sha256: 'sk-the-key-itself', scopes: ['query', 'write'], expiresAt: 'soon', allowFrom: ['here'] },
      { name: 'ok', sha256: key.sha256, scopes: [], priority: 'urgent', secret: 'x' },
      { scopes: 'query' },
    ],
  })
  expect(keys).toEqual([])
  expect(problems.map(({ where, expected }) => `${where}: ${expected}`).map((line) => line.replaceAll(path, 'FILE'))).toEqual([
    'keys[0].name in FILE: at most 64 letters, digits and any of . _ @ -',
    'keys[0].sha256 in FILE: the SHA-256 of the key: 64 hexadecimal digits, never the key itself',
    'keys[0].scopes[1] in FILE: any of read, query, metrics, admin',
    'keys[0].expiresAt in FILE: an instant such as 2027-01-31T00:00:00Z',
    'keys[0].allowFrom[0] in FILE: an address or a range such as 10.0.0.0/8',
    'keys[1].scopes in FILE: one scope at least',
    'keys[1].priority in FILE: one of low, normal, high',
    'keys[1] in FILE: no other keys than name, sha256, scopes, expiresAt, allowFrom, role, priority',
    'keys[2].name in FILE: a name',
    'keys[2].sha256 in FILE: the SHA-256 of the key in hexadecimal',
    'keys[2].scopes in FILE: a list of read, query, metrics, admin',
  ])
  // A key that was put where its hash belongs must not end up in a log.
  expect(JSON.stringify(problems)).not.toContain('sk-the-key-itself')
})

test.each([
  ['no keys', { keys: [] }, 'keys in'],
  ['a list', [], ''],
  ['the same name twice', { keys: [key, { ...key, sha256: 'ef'.repeat(32) }] }, 'keys[1].name in'],
  ['the same key twice', { keys: [key, { ...key, name: 'other' }] }, 'keys[1].sha256 in'],
])('a file with %s is refused', (_name, content, where) => {
  expect(read(content).problems.map((problem) => problem.where)).toEqual([`${where} ${path}`.trim()])
})

test('what is no JSON is not repeated', () => {
  const { problems } = read('sk-the-key-itself')
  expect(problems).toEqual([
    { where: '--keys-file', value: path, expected: 'a JSON file that can be read', hint: 'it is not valid JSON' },
  ])
})
