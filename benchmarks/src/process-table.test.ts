import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { childrenOf, cpuSecondsOf, cpuSecondsOfEndedChildren, descendantOf, residentBytesOf } from './process-table.ts'

test('the CPU time of another process grows with its work, and it is known as a child while it runs', async () => {
  const child = spawn(process.execPath, [
    '-e',
    'while (process.cpuUsage().user < 300_000); console.log("done"); setInterval(() => {}, 1e6)',
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

test('the memory of an own process is what Node says it is', () => {
  const ratio = residentBytesOf(process.pid) / process.memoryUsage.rss()
  expect(ratio).toBeGreaterThan(0.8)
  expect(ratio).toBeLessThan(1.25)
})

test('a process is found below others by what stands in its command line', async () => {
  const grandchild = 'setInterval(() => {}, 1e6) // grandchild'
  const child = spawn(process.execPath, [
    '-e',
    `const { pid } = require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]]); console.log(pid)`,
    grandchild,
  ])
  const [printed] = (await once(child.stdout, 'data')) as [Buffer]
  const pid = Number(printed)
  try {
    // The child has the text among its own arguments, and is looked at first.
    expect(descendantOf(process.pid, '// grandchild')).toBe(child.pid)
    await expect.poll(() => descendantOf(child.pid ?? 0, '// grandchild')).toBe(pid)
    expect(descendantOf(pid, '// grandchild')).toBeUndefined()
  } finally {
    process.kill(pid)
    child.kill()
  }
})
