import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadPack } from '@squall/pack'
import { expect, test } from 'vitest'
import { resolvePack, shippedPackNames } from './resolve-pack.ts'

test('the packs that come with Squall are known by their names', () => {
  expect(shippedPackNames()).toEqual(expect.arrayContaining(['heavy', 'light', 'smoke']))
  expect(existsSync(join(resolvePack('heavy'), 'pack.yml'))).toBe(true)
})

test('a path beats a name', () => {
  expect(resolvePack('.')).toBe('.')
})

test('what is neither is refused with the names there are', () => {
  expect(() => resolvePack('hevy')).toThrow(
    expect.objectContaining({
      code: 'SQUALL_NO_SUCH_PACK',
      exitCode: 2,
      hint: expect.stringContaining('heavy') as string,
    }) as Error,
  )
})

test.each(shippedPackNames())('%s can be run, says what it asks, and has its own thresholds', (name) => {
  const path = resolvePack(name)
  expect(existsSync(join(path, 'README.md'))).toBe(true)
  const { plan, target, notes } = loadPack({ path, processEnvironment: {} })
  expect(plan.name).toBe(name)
  expect(plan.thresholds.length).toBeGreaterThan(0)
  // Squall starts its own server for them.
  expect(target).toBeUndefined()
  expect(notes).toEqual([])
})

test.each(shippedPackNames())('the README of %s says what a break of each of its thresholds means', (name) => {
  const path = resolvePack(name)
  const readme = readFileSync(join(path, 'README.md'), 'utf8')
  const { thresholds } = loadPack({ path, processEnvironment: {} }).plan
  // One line stands for all kinds of clients.
  const expected = new Set(thresholds.map((expression) => expression.replace(/^kind\.\w+\./, 'kind.NAME.')))
  const explained = Array.from(readme.matchAll(/^\| `([^`]*[<>][^`]*)`/gm), ([, expression = '']) => expression)
  expect(explained.toSorted()).toEqual([...expected].toSorted())
})

test('heavy has several hundred clients of mixed kinds, and uses all five tools', () => {
  const { plan } = loadPack({ path: resolvePack('heavy'), processEnvironment: {} })
  expect(plan.model).toMatchObject({ type: 'closed', durationMs: 60_000 })
  expect(new Set(plan.scenarios.map(({ client }) => client.clientKind)).size).toBeGreaterThan(4)
  for (const tool of ['list_databases', 'list_views', 'describe_view', 'query_view', 'execute_query'])
    expect(JSON.stringify(plan.scenarios)).toContain(`"name":"${tool}"`)
})
