import { expect, test } from 'vitest'
import { runProgramToEnd } from './run-program-to-end.ts'

const never = new AbortController().signal
const node = (script: string, signal = never, onOutput: (text: string) => void = () => undefined) =>
  runProgramToEnd(process.execPath, ['-e', script], { env: process.env, signal, onOutput })

test('what it prints is passed on as it comes, and its end is kept', async () => {
  let heard = ''
  const script = 'console.log("one"); console.error("two"); process.exitCode = 21'
  const ended = await node(script, never, (text) => (heard += text))
  expect(ended.code).toBe(21)
  for (const text of ['one', 'two']) {
    expect(heard).toContain(text)
    expect(ended.recentOutput).toContain(text)
  }
})

test('of much output the last words are kept', async () => {
  const { recentOutput } = await node('console.log("x".repeat(100_000) + "last words")')
  expect(recentOutput).toHaveLength(2_000)
  expect(recentOutput.trim()).toMatch(/last words$/)
})

test('a program that ignores the wish to end is made to', async () => {
  const stopping = new AbortController()
  const script = 'process.on("SIGTERM", () => console.log("no")); console.log("up"); setInterval(() => {}, 1000)'
  const ended = await node(script, stopping.signal, (text) => {
    if (text.includes('up')) stopping.abort()
  })
  expect(ended).toMatchObject({ code: 1, recentOutput: expect.stringContaining('no') as string })
})

test('nothing is started once the run is to end', async () => {
  await expect(node('', AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})
