import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Capacity } from '@squall/report'
import { LimitedServer } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { startSquall } from '../test/run-squall.ts'

const pack = `config:
  target: http://127.0.0.1:1/mcp
  engines: { mcp: {} }
  squall: { model: closed, clients: 1, spawnRate: 50, duration: 10s }
scenarios:
  - engine: mcp
    mcp: { clientKind: http_client }
    flow: [{ callTool: { name: work } }]
`

const short = ['--settle', '1s', '--steady', '2s', '--confirm', '2s', '--report', 'report']

async function start(args: readonly string[], limits = { slots: 1000, serviceMs: 50 }) {
  const server = await LimitedServer.start(limits)
  onTestFinished(() => server[Symbol.asyncDispose]())
  const squall = startSquall(['capacity', 'pack.yml', '--target', server.url, ...short, ...args], { files: { 'pack.yml': pack } })
  const capacity = (): Capacity => JSON.parse(readFileSync(join(squall.directory, 'report/capacity.json'), 'utf8')) as Capacity
  return { ...squall, capacity }
}

test('a search on a server tells what it carries, on the terminal and in three files', async () => {
  // Too slow for the SLO from the third client on, whatever else the machine does meanwhile.
  const { ended, capacity } = await start(['--slo', 'p50<1s,failed<1%', '--max-clients', '3', '--for-clients', '10'], {
    slots: 1,
    serviceMs: 400,
  })
  const { code, stdout, stderr } = await ended
  const found = capacity()
  expect(found, stderr).toMatchObject({ verdict: 'found', maximum: { load: 2 }, plan: { clients: 10, instances: 7 } })
  expect(code).toBe(0)
  expect(stdout).toContain(found.sentence.slice(0, 60))
  expect(stderr).toContain('trying 1 clients')
  expect(stderr).toContain('confirming 2 clients')
  // The server's own metrics tell of its one connection.
  expect(found.bound.by).toBe('pool')
})

test('a user who stops a search gets a report of what was measured, and 130', async () => {
  const { capacity, ...squall } = await start(['--slo', 'p95<10s'], { slots: 1000, serviceMs: 900 })
  await squall.said('trying 2 clients')
  squall.child.kill('SIGINT')
  const { code } = await squall.ended
  expect(code).toBe(130)
  expect(capacity()).toMatchObject({
    verdict: 'inconclusive',
    reasons: ['stopped by the user before the search was over'],
    maximum: { load: 1 },
  })
})

test('a server that dies in mid-search leaves a report of what it carried, and exit code 6', async () => {
  // Slow enough that what a busy machine adds to it is no trouble of the generator.
  const server = await LimitedServer.start({ slots: 1000, serviceMs: 900 })
  onTestFinished(() => server[Symbol.asyncDispose]())
  const args = ['capacity', 'pack.yml', '--target', server.url, ...short, '--slo', 'p95<10s,failed<1%']
  const squall = startSquall(args, { files: { 'pack.yml': pack } })
  await squall.said('trying 2 clients')
  await server[Symbol.asyncDispose]()
  const { code, stderr } = await squall.ended
  expect([code, stderr.includes('CONTROLLER_TARGET_UNREACHABLE')]).toEqual([6, true])
  const found = JSON.parse(readFileSync(join(squall.directory, 'report/capacity.json'), 'utf8')) as Capacity
  expect(found).toMatchObject({ verdict: 'inconclusive', maximum: { load: 1, isAtLeast: true } })
  expect(found.reasons.join()).toContain('the search ended before it was over')
})

test('what was found is shown where the report cannot be written, with exit code 9', async () => {
  const { directory, ended } = await start(['--slo', 'p50<10ms'])
  mkdirSync(join(directory, 'report/capacity.html/in-the-way'), { recursive: true })
  const { code, stdout, stderr } = await ended
  expect([code, stderr.includes('REPORT_NOT_WRITABLE')]).toEqual([9, true])
  expect(stdout).toContain('even 1 client breaks the SLO')
  expect(stdout).not.toContain('report: ')
})

test('an SLO that even one client breaks is exit code 3; JSON goes to standard output', async () => {
  const { ended } = await start(['--slo', 'p50<10ms', '--json'])
  const { code, stdout } = await ended
  expect(code).toBe(3)
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'squall/capacity@1', verdict: 'not-found', maximum: null })
})

test('bad input names everything that is wrong, before anything is started', async () => {
  const { ended } = startSquall(['capacity', 'pack.yml', '--slo', 'p95<x', '--headroom', '99', '--clients', '5'], {
    files: { 'pack.yml': pack },
  })
  expect((await ended).code).toBe(2)
  const { ended: again } = startSquall(['capacity', 'pack.yml', '--slo', 'p95<x', '--headroom', '99'], {
    files: { 'pack.yml': pack },
  })
  const { code, stderr } = await again
  expect(code).toBe(2)
  expect(stderr).toContain('--slo')
  expect(stderr).toContain('--headroom')
})
