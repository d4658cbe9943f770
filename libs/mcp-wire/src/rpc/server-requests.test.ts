import { expect, test } from 'vitest'
import { answerTo } from './server-requests.ts'

const identity = { clientInfo: { name: 'test', version: '1' }, capabilities: { elicitation: {} } }
const answers = { elicitation: { action: 'accept' } } as const

function answerToForm(field: object): {
  readonly result?: { readonly content: { readonly a: string } }
  readonly error?: unknown
} {
  const params = { requestedSchema: { properties: { a: field }, required: ['a'] } }
  const text = answerTo({ kind: 'request', id: 1, method: 'elicitation/create', params }, identity, answers)
  return JSON.parse(text) as ReturnType<typeof answerToForm>
}

test('a form that cannot be filled in as it wants does no more than that', () => {
  expect(answerToForm({ minLength: 3 }).result?.content.a).toBe('xxx')
  expect(answerToForm({ minLength: 2 ** 40 }).result?.content.a).toHaveLength(65_536)
  expect(answerToForm({ minLength: -1 }).result?.content.a).toBe('')
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown
  expect(answerToForm({ default: deep })).toMatchObject({ id: 1, error: { code: -32_602 } })
})
