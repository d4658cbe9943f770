import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { childrenOf, cpuSecondsOf, cpuSecondsOfEndedChildren } from './process-table.ts'

test('the CPU time of another process grows with its work, and it is known as a child while it runs', async () => {
  const child = spawn(process.execPath, [
    '-e',
    'const end = Date.now() + 300; while (Date.now() < end); console.log("done"); setInterval(() => {}, 1e6)',
  ])
  const pid = child.pid ?? 0
  await once(child.stdout, 'data')
  expect(childrenOf(process.pid)).toContain(pid)
  expect(cpuSecondsOf(pid)).toBeGreaterThan(0)
  child.kill()
  await once(child, 'exit')
  expect(childrenOf(process.pid)).not.toContain(pid)
  expect(cpuSecondsOfEndedChildren()).toBeGreaterThan(0.1)
  expect(() => cpuSecondsOf(pid)).toThrow('ENOENT')
})

test('an own process uses the CPU time that Node says it does', () => {
  const { user, system } = process.cpuUsage()
  expect(Math.abs(cpuSecondsOf(process.pid) - (user + system) / 1e6)).toBeLessThan(0.1)
})
