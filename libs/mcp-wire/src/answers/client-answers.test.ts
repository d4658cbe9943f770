import { expect, test } from 'vitest'
import { resultFor, withAnswerable } from './client-answers.ts'

const able = { roots: {}, sampling: {}, elicitation: { form: {}, url: {} } }
const ask = (method: string, params = {}): { method: string; params: object & Record<string, unknown> } => ({ method, params })

test.each(['roots/list', 'sampling/createMessage', 'elicitation/create', 'made/up'])(
  'a client without the capability does not know %s, whatever it could answer',
  (method) => {
    const answers = { roots: [], sampling: { text: 'x' }, elicitation: { action: 'accept' } } as const
    expect(resultFor(ask(method), {}, answers)).toMatchObject({ error: { code: -32_601 } })
  },
)

test('a client that was given no answers works in no folder, and declines the rest', () => {
  expect(resultFor(ask('roots/list'), able, {})).toEqual({ result: { roots: [] } })
  expect(resultFor(ask('sampling/createMessage'), able, {})).toMatchObject({ error: { code: -1 } })
  expect(resultFor(ask('elicitation/create'), able, {})).toEqual({ result: { action: 'decline' } })
})

test('answers that were given are given [L15]', () => {
  const roots = [{ uri: 'file:///data', name: 'data' }]
  expect(resultFor(ask('roots/list'), able, { roots })).toEqual({ result: { roots } })
  expect(resultFor(ask('sampling/createMessage'), able, { sampling: { text: 'hi', model: 'm' } })).toEqual({
    result: { role: 'assistant', content: { type: 'text', text: 'hi' }, model: 'm', stopReason: 'endTurn' },
  })
})

test('an accepted form is filled in, an accepted address has no content', () => {
  const requestedSchema = { properties: { a: { type: 'string', default: 'x' } } }
  const elicitation = { action: 'accept', content: { a: 'y' } } as const
  expect(resultFor(ask('elicitation/create', { requestedSchema }), able, { elicitation: { action: 'accept' } })).toEqual({
    result: { action: 'accept', content: { a: 'x' } },
  })
  expect(resultFor(ask('elicitation/create', { requestedSchema }), able, { elicitation })).toMatchObject({
    result: { content: { a: 'y' } },
  })
  expect(resultFor(ask('elicitation/create', { mode: 'url' }), able, { elicitation })).toEqual({ result: { action: 'accept' } })
})

test('a mode that was not declared is refused; no mode declared means forms', () => {
  const url = ask('elicitation/create', { mode: 'url' })
  expect(resultFor(url, { elicitation: {} }, {})).toMatchObject({ error: { code: -32_602 } })
  expect(resultFor(url, { elicitation: { form: {} } }, {})).toMatchObject({ error: { code: -32_602 } })
  expect(resultFor(ask('elicitation/create'), { elicitation: { url: {} } }, {})).toMatchObject({ error: { code: -32_602 } })
  expect(resultFor(ask('elicitation/create'), { elicitation: {} }, {})).toEqual({ result: { action: 'decline' } })
})

test('a client declares what it can answer, besides what it declares anyway', () => {
  const answers = { roots: [], sampling: { text: 'x' }, elicitation: { action: 'cancel' } } as const
  expect(withAnswerable({ roots: { listChanged: true } }, answers)).toEqual({ ...able, roots: { listChanged: true } })
  expect(withAnswerable({ tools: {} }, {})).toEqual({ tools: {} })
})
