import { expect, test } from 'vitest'
import { changed, load, problemsOf } from '../test/write-pack.ts'

const withAnswers = (answers: string): string => changed('engines: { mcp: {} }', `mcp: { answers: ${answers} }`)

test('answers to roots, sampling and elicitation reach the clients', () => {
  const answers = '{ roots: [ { uri: "file:///a", name: a } ], sampling: { text: hi }, elicitation: accept, inputRounds: 2 }'
  expect(load(withAnswers(answers)).plan.scenarios[0]?.client.answers).toEqual({
    roots: [{ uri: 'file:///a', name: 'a' }],
    sampling: { text: 'hi' },
    elicitation: { action: 'accept' },
    inputRounds: 2,
  })
})

test('an elicitation may be filled in with given values', () => {
  const { plan } = load(withAnswers('{ elicitation: { action: accept, content: { city: Bern, n: 3, many: [a, b] } } }'))
  expect(plan.scenarios[0]?.client.answers?.elicitation).toEqual({
    action: 'accept',
    content: { city: 'Bern', n: 3, many: ['a', 'b'] },
  })
})

test.each([
  [
    '{ elicitation: maybe }',
    'elicitation: found "maybe", expected accept, decline, cancel, or a mapping with one of them as its action',
  ],
  ['{ roots: [ {} ] }', 'roots[0].uri: expected a URI such as file:///data'],
  ['{ sampling: hi }', 'sampling: found "hi", expected a mapping with the text that the model would have said'],
  ['{ inputRounds: -1 }', 'inputRounds: found -1, expected a whole number of at least 0'],
  ['{ samplng: {} }', 'samplng: expected a known key (did you mean sampling?)'],
])('%s is refused', (answers, problem) => {
  const told = problemsOf(withAnswers(answers))
  expect(told).toEqual([expect.stringMatching(/^3:\d+ /)])
  expect(told[0]?.replace(/^\S+ /, '')).toBe(`config.mcp.answers.${problem}`)
})
