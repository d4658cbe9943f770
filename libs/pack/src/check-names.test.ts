import { expect, test } from 'vitest'
import { changed, load, problemsOf } from './test/write-pack.ts'

const flowOf = (step: string, config = ''): string =>
  changed('- callTool: { name: echo }', `- ${step}`).replace('  engines: { mcp: {} }', `  engines: { mcp: {} }${config}`)
const files = { 'rows.csv': '1,2\n', 'functions.ts': 'export const prepare = (): void => undefined' }

test.each([
  [
    'callTool: { name: "{{ tool }}" }',
    /flow\[0]\.callTool\.name: found "tool", expected a variable that something sets \(set it in/,
  ],
  ['loop: [ { ping: {} } ]\n        whileTrue: page < 10', /flow\[0]\.whileTrue: found "page"/],
])('a flow with %s that nothing sets is refused', (step, problem) => {
  expect(problemsOf(flowOf(step))).toEqual([expect.stringMatching(problem)])
})

test('variables, data, captures and loops are known, and those of the chosen environment', () => {
  const config = `
  variables: { city: Bern }
  payload: { path: rows.csv, fields: [a, b] }
  environments: { lab: { variables: { room: 1 } } }`
  expect(problemsOf(flowOf('log: "{{ city }} {{ a }} {{ b }}"', config), { files })).toEqual([])
  expect(problemsOf(flowOf('log: "{{ room }}"', config), { files })).toHaveLength(1)
  expect(problemsOf(flowOf('log: "{{ room }}"', config), { files, environment: 'lab' })).toEqual([])
})

test('headers are looked at too', () => {
  const pack = flowOf('ping: {}', '\n  mcp: { headers: { authorization: "Bearer {{ tokn }}" } }\n  variables: { token: x }')
  expect(problemsOf(pack)).toEqual([
    expect.stringMatching(/found "tokn", expected a variable that something sets \(did you mean token\?\)/),
  ])
})

test('a processor may set any variable, so what nothing else sets is only told', () => {
  const { plan, notes } = load(flowOf('log: "{{ day }}"', '\n  processor: ./functions.ts'), { files })
  expect(notes).toEqual([
    'config.processor is loaded by stock Artillery alone',
    'scenarios[0].flow[0].log: day is set by nothing in the pack, unless a function of config.processor does',
  ])
  expect(plan.processor).toBeUndefined()
})

test('functions come from the processor, which is part of the plan once a flow names one', () => {
  const { plan, notes } = load(flowOf('function: prepare', '\n  processor: ./functions.ts'), { files })
  expect(plan.processor).toMatch(/^\/.*\/trial\/functions\.ts$/)
  expect(notes).toEqual([])
})

test.each([
  ['', /flow\[0]\.function: found "prepar", expected no function, since config\.processor exports none/],
  ['\n  processor: ./functions.ts', /found "prepar", expected one of the functions prepare \(did you mean prepare\?\)/],
  [
    '\n  processor: ./nowhere.ts',
    /config\.processor: found ".*nowhere\.ts", expected a module that Node can load, relative to the pack \(.*Cannot find module/,
  ],
])('a function that does not exist is refused: processor %j', (config, problem) => {
  expect(problemsOf(flowOf('function: prepar', config), { files })).toEqual([expect.stringMatching(problem)])
})
