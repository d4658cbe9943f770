// A program for the tests of this package; its first argument says how it behaves.
import { once } from 'node:events'
import { CodedError, defineErrors, exitCodes } from '@squall/errors'
import { runProgram, startProgram } from '../index.ts'

const errors = defineErrors({
  DEMO_REFUSED: { summary: 'The demo refuses to run.', hint: 'Ask nicely.', exitCode: exitCodes.badInput },
})
const forever = new Promise<never>(() => setInterval(() => undefined, 1000))

await runProgram(async ({ stopping, ready }) => {
  const mode = process.argv[2]
  if (mode === 'refuse') throw new CodedError(errors.DEMO_REFUSED)
  if (mode === 'bug') throw new TypeError('x is not a function')
  if (mode === 'leave') return exitCodes.ok
  if (mode === 'odd') process.exit(42)
  if (mode === 'silent') return forever
  const child =
    mode === 'nest' ? await startProgram({ name: 'nested', entry: new URL(import.meta.url), args: ['serve'] }) : undefined
  ready(`${child ? `child ${child.pid}, ` : ''}demo listening on http://127.0.0.1:1`, { url: 'http://127.0.0.1:1' })
  if (mode === 'stubborn') return forever
  if (!stopping.aborted) await once(stopping, 'abort')
  if (mode === 'slow') await new Promise((resolve) => setTimeout(resolve, 300))
  process.stdout.write(`${(stopping.reason as Error).message}\n`)
  await child?.stop()
  if (child) process.stdout.write(`its child: ${child.recentOutput().split('\n').at(-2)}\n`)
  return exitCodes.stopped
})
