import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { lockDirectory } from './directory-lock.ts'

/** A process that takes a directory and says how that went. */
function startHolder(directory: string): { readonly child: ChildProcess; readonly said: Promise<string> } {
  const program = `
    import { lockDirectory } from ${JSON.stringify(new URL('./directory-lock.ts', import.meta.url))}
    const lock = lockDirectory(${JSON.stringify(directory)})
    process.stdout.write('release' in lock ? 'holds' : 'is refused')
    setInterval(() => lock, 1_000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, said: once(child.stdout, 'data').then(([text]) => String(text)) }
}

test('a directory is one holder’s until it lets go', () => {
  const directory = temporaryDirectory(onTestFinished)
  const lock = lockDirectory(directory)
  expect(lockDirectory(directory)).toEqual({ heldBy: process.pid })
  if ('release' in lock) lock.release()
  expect(lockDirectory(directory)).not.toHaveProperty('heldBy')
})

test('of several processes that ask at once one gets a directory, whatever it says of itself, until it is killed', async () => {
  const directory = temporaryDirectory(onTestFinished)
  const holders = Array.from({ length: 3 }, () => startHolder(directory))
  const said = await Promise.all(holders.map((holder) => holder.said))
  expect(said.toSorted()).toEqual(['holds', 'is refused', 'is refused'])
  const { child } = holders[said.indexOf('holds')] ?? {}
  expect(lockDirectory(directory)).toEqual({ heldBy: child?.pid })
  rmSync(join(directory, 'serve.pid'))
  expect(lockDirectory(directory)).toEqual({ heldBy: undefined })
  child?.kill('SIGKILL')
  if (child) await once(child, 'exit')
  expect(lockDirectory(directory)).toHaveProperty('release')
})
