import { expect, test } from 'vitest'
import { ProgramDidNotStart } from './program-did-not-start.ts'
import { startCommand } from './start-command.ts'

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a command is ready with the first address it prints, and its whole group ends with it', async () => {
  const server = await startCommand({ command: 'sleep 60 & echo "pid $!"; echo "listening on http://127.0.0.1:5000/mcp."; wait' })
  expect(server.url).toBe('http://127.0.0.1:5000/mcp')
  const pid = Number(/pid (\d+)/.exec(server.recentOutput())?.[1])
  expect([server.hasExited(), isAlive(pid)]).toEqual([false, true])
  await server.stop()
  expect(server.hasExited()).toBe(true)
  await expect.poll(() => isAlive(pid)).toBe(false)
  await server.stop()
})

test('a command that does not listen to reason is killed', async () => {
  const server = await startCommand({ command: `trap '' TERM; echo http://127.0.0.1:1/mcp >&2; while :; do sleep 0.1; done` })
  await server.stop(100)
  expect(server.hasExited()).toBe(true)
})

test.each([
  ['ends', 'echo oops >&2; exit 3', 60_000, /oops/],
  ['is silent', 'sleep 60', 50, /no address within 0\.05 s/],
])('a command that %s did not start, and says why', async (_what, command, readyTimeoutMs, message) => {
  const error: unknown = await startCommand({ command, readyTimeoutMs }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ProgramDidNotStart)
  expect((error as Error).message).toMatch(message)
})

test('who gives up gets the reason, and leaves nothing behind', async () => {
  const reason = new Error('enough')
  await expect(startCommand({ command: 'sleep 60', signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})
