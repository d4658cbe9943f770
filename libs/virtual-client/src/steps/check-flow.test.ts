import { expect, test } from 'vitest'
import { checkFlow, stepNames } from '../index.ts'

const where = 'scenarios[0].flow'

test('the flow of the documentation has nothing wrong with it', () => {
  const flow = [
    { initialize: {} },
    { listTools: {} },
    {
      mix: [
        { weight: 3, callTool: { name: 'list_databases' } },
        {
          weight: 1,
          callTool: {
            name: 'execute_query',
            arguments: { query: '{{ sql }}', limit: 10 },
            match: { json: '$.isError', value: false },
            capture: [{ json: '$.content[0].text', as: 'first' }],
          },
        },
      ],
    },
    { think: 1.5 },
    { think: '500ms' },
    { think: { min: 1, max: 3 } },
    { pace: 2 },
    { loop: [{ ping: {} }], count: 5 },
    { readResource: { uri: 'demo://{{ id }}' } },
    { getPrompt: { name: 'greet', arguments: { who: '{{ $randomString(4) }}' } } },
    { log: 'at {{ $loopCount }}' },
  ]
  expect(checkFlow(flow, where)).toEqual([])
})

test('all mistakes are reported at once, each with its place and what was expected', () => {
  const flow = [
    { callTol: { name: 'x' } },
    { callTool: { nam: 'x', arguments: { a: '{{ $randomNumbr(1) }}' } } },
    { think: 'soon' },
    { loop: [{ think: -1 }, { pace: 1 }], count: 0 },
    { mix: [{ weight: -1, ping: {} }, 'ping'] },
    { ping: {}, listTools: {} },
    { pace: 1 },
    { pace: 2 },
    7,
  ]
  const places = checkFlow(flow, where).map(({ where }) => where)
  expect(places).toEqual([
    `${where}[0]`,
    `${where}[1].callTool.name`,
    `${where}[1].callTool.nam`,
    `${where}[1].callTool.arguments.a`,
    `${where}[2].think`,
    `${where}[3].count`,
    `${where}[3].loop[0].think`,
    `${where}[3].loop[1]`,
    `${where}[4].mix[0].weight`,
    `${where}[4].mix[1]`,
    `${where}[5]`,
    `${where}[8]`,
    `${where}[7]`,
  ])
})

test('a mistyped step or key is answered with the nearest known one', () => {
  expect(checkFlow([{ callTol: {} }], where)[0]?.hint).toBe('did you mean callTool?')
  expect(checkFlow([{ callTool: { name: 'x', argumens: {} } }], where)[0]).toMatchObject({
    where: `${where}[0].callTool.argumens`,
    hint: 'did you mean arguments?',
  })
  expect(checkFlow([{ zzzzzz: 1 }], where)[0]).toMatchObject({ expected: `one of the steps ${stepNames.join(', ')}` })
  expect(checkFlow([{ zzzzzz: 1 }], where)[0]?.hint).toBeUndefined()
})

test.each([
  ['no list', {}, 'a list of steps'],
  ['an empty list', [], 'at least one step'],
])('a flow that is %s says so', (_, flow, expected) => {
  expect(checkFlow(flow, where)).toMatchObject([{ where, expected }])
})

test.each([
  [{ callTool: { name: 'x', match: { json: '$..a', value: 1 } } }, '[0].callTool.match.json'],
  [{ callTool: { name: 'x', capture: { json: '$.a' } } }, '[0].callTool.capture.as'],
  [{ callTool: { name: 'x', arguments: [1] } }, '[0].callTool.arguments'],
  [{ callTool: { name: '{{ a' } }, '[0].callTool.name'],
  [{ think: { min: 3, max: 1 } }, '[0].think'],
  [{ loop: { ping: {} }, count: 1 }, '[0].loop'],
  [{ mix: {} }, '[0].mix'],
  [{ log: 7 }, '[0].log'],
])('%j is wrong at its place', (step, place) => {
  expect(checkFlow([step], where).map(({ where }) => where)).toEqual([where + place])
})
