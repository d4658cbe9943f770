import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lockFile } from './directory-lock.ts'

function lockPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'squall-lock-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return join(directory, 'lock')
}

test('a lock is one process’s until it lets go', () => {
  const path = lockPath()
  const lock = lockFile(path)
  expect(lockFile(path)).toBe(process.pid)
  if (typeof lock !== 'number') lock.release()
  expect(lockFile(path)).not.toBe(process.pid)
})

test('a lock whose holder is dead, or another process under the same number, or not to be read, is nobody’s', async () => {
  const path = lockPath()
  const child = spawn('true')
  await once(child, 'exit')
  for (const left of [
    JSON.stringify({ pid: child.pid, began: '1' }),
    JSON.stringify({ pid: process.pid, began: '1' }),
    '{',
    '{}',
  ]) {
    writeFileSync(path, left)
    const lock = lockFile(path)
    expect(lock, left).not.toBeTypeOf('number')
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid })
  }
})
