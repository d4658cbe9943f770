import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { startProgram, type RunningProgram, type StartOptions } from './index.ts'

const entry = new URL('./test/demo-program.ts', import.meta.url)
const started: RunningProgram[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((program) => program.stop(0)))
})

async function start(mode: string, options: Partial<StartOptions> = {}): Promise<RunningProgram> {
  const program = await startProgram({ name: 'demo', entry, args: [mode], ...options })
  started.push(program)
  return program
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the demo as a user would from a shell, without a parent channel. */
async function runAlone(
  mode: string,
  whenReady?: (child: ChildProcessWithoutNullStreams, printed: string) => void,
  env = {},
): Promise<Ended> {
  const args = ['--conditions=@squall/source', fileURLToPath(entry), mode]
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    if (stderr.includes('listening')) whenReady?.(child, stderr)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a started program says where it listens and stops when asked', async () => {
  const program = await start('serve')
  expect(program.url).toBe('http://127.0.0.1:1')
  expect(isAlive(program.pid)).toBe(true)
  await program.stop()
  expect(program.hasExited()).toBe(true)
  expect(program.recentOutput()).toContain('stopped by its parent')
})

test('stopping twice is harmless', async () => {
  const program = await start('serve')
  await Promise.all([program.stop(), program.stop()])
  await program.stop()
  expect(isAlive(program.pid)).toBe(false)
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to the lowest of a tree of programs stops the tree from the top',
  async (signal) => {
    const ended = await runAlone('nest', (child, printed) => {
      const [, pid] = /child (\d+)/.exec(printed) ?? []
      process.kill(Number(pid), signal)
    })
    expect(ended).toMatchObject({ code: 130 })
    expect(ended.stdout).toBe(`stopped by ${signal}\nits child: stopped by its parent\n`)
  },
)

test('a signal that reaches every program of a tree, as Ctrl-C does, counts once', async () => {
  const ended = await runAlone('nest', (child, printed) => {
    const [, pid] = /child (\d+)/.exec(printed) ?? []
    process.kill(Number(pid), 'SIGINT')
    child.kill('SIGINT')
  })
  expect(ended).toMatchObject({ code: 130 })
  expect(ended.stdout).toContain('its child: stopped by its parent')
})

test('a program that does not stop in time is killed', async () => {
  const program = await start('stubborn')
  await program.stop(50)
  expect(isAlive(program.pid)).toBe(false)
})

test('a program that refuses to start is reported with its own words', async () => {
  await expect(start('refuse')).rejects.toMatchObject({
    code: 'PROGRAM_DID_NOT_START',
    message: expect.stringMatching(/exit code 2[^]*The demo refuses to run[^]*Ask nicely/) as string,
    exitCode: 2,
    program: { exitCode: 2, lastWords: expect.stringContaining('Ask nicely') as string },
  })
})

test.each([
  ['that ends in peace before it is ready', 'leave', 0],
  ['that ends with a code nobody documented', 'odd', 42],
])('a program %s is trouble of the machine', async (_, mode, exitCode) => {
  await expect(start(mode)).rejects.toMatchObject({ code: 'PROGRAM_DID_NOT_START', exitCode: 9, program: { exitCode } })
})

test('a program that stays silent is given up and ended', async () => {
  await expect(start('silent', { readyTimeoutMs: 300 })).rejects.toMatchObject({
    message: expect.stringContaining('not ready within 0.3 s') as string,
    exitCode: 9,
    program: { exitCode: null },
  })
})

test('a caller can give up waiting', async () => {
  const reason = new Error('user left')
  await expect(start('silent', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('a program that cannot be started at all is reported', async () => {
  await expect(start('serve', { entry: new URL('./test/missing.ts', import.meta.url) })).rejects.toMatchObject({
    code: 'PROGRAM_DID_NOT_START',
  })
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s from a terminal lets a program end in order', async (signal) => {
  const ended = await runAlone('serve', (child) => child.kill(signal))
  expect(ended).toMatchObject({ code: 130, stdout: `stopped by ${signal}\n` })
  expect(ended.stderr.split('\n')[0]).toBe('demo listening on http://127.0.0.1:1')
})

test('a second Ctrl-C does not wait, and says so', async () => {
  const ended = await runAlone('stubborn', (child) => {
    child.kill('SIGINT')
    setTimeout(() => child.kill('SIGINT'), 700)
  })
  expect(ended.code).toBe(130)
  expect(ended.stderr).toContain('stopped at once by a second SIGINT: what was not written before is lost\n')
})

// As npm does where its shell makes way for the program: it passes on what the terminal has sent to the whole group.
test('a Ctrl-C that comes twice at a time is one', async () => {
  const ended = await runAlone('slow', (child) => {
    child.kill('SIGINT')
    setTimeout(() => child.kill('SIGINT'), 50)
  })
  expect(ended).toMatchObject({ code: 130, stdout: 'stopped by SIGINT\n' })
})

test('a coded error sets the exit code; a bug is 1; neither shows a stack', async () => {
  expect(await runAlone('refuse')).toMatchObject({
    code: 2,
    stderr: 'error: The demo refuses to run.\nhint: Ask nicely. [DEMO_REFUSED]\n',
  })
  expect(await runAlone('bug')).toMatchObject({ code: 1, stderr: 'internal error: x is not a function\n' })
})

test('SQUALL_DEBUG shows where a bug is', async () => {
  const { stderr } = await runAlone('bug', undefined, { SQUALL_DEBUG: '1' })
  expect(stderr).toContain('demo-program.ts')
})
