import { expect, test } from 'vitest'
import { createLogger } from './create-logger.ts'

function logAt(level: 'info' | 'debug', error: unknown): { readonly err: Record<string, unknown> } {
  let text = ''
  createLogger(level, { write: (line) => void (text += line) }).error({ err: error }, 'it failed')
  // The logger writes JSON lines.
  return JSON.parse(text) as { err: Record<string, unknown> }
}

test('an error is logged by kind, code and place, without the words in it', () => {
  const error = Object.assign(new TypeError("bad value 'hunter2'\n    at hunter2"), { code: 'E_BAD' })
  const { err } = logAt('info', error)
  expect(err).toMatchObject({
    type: 'TypeError',
    code: 'E_BAD',
    stack: expect.arrayContaining([expect.stringContaining('create-logger.test.ts')]) as string[],
  })
  expect(JSON.stringify(err)).not.toContain('hunter2')
})

test('the words of an error are logged where an operator asks for debugging', () => {
  expect(logAt('debug', new Error('bad value')).err).toMatchObject({ message: 'bad value' })
})

test('what is thrown and is no error, or has no stack or code, is logged too', () => {
  expect(logAt('info', 'hunter2').err).toEqual({ type: 'string' })
  const bare = new Error('x')
  delete bare.stack
  expect(logAt('info', bare).err).toEqual({ type: 'Error', stack: [] })
})
