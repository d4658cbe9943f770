import type { Json } from '@squall/load-plan'
import { expect, test } from 'vitest'
import { findUnsetVariables } from './find-unset-variables.ts'

const unset = (flow: Json, variables: readonly string[] = []): readonly string[] =>
  findUnsetVariables(flow, 'flow', { variables, functions: { isLate: () => true } }).map(
    ({ where, value }) => `${where}: ${String(value)}`,
  )

test('what the plan, captures, loops and functions set is known, wherever in the flow they stand', () => {
  const flow = [
    {
      callTool: {
        name: 'a',
        arguments: {
          x: '{{ city }}',
          y: '{{ rows[0].id }} {{ later }}',
          z: '{{ $uuid }}{{ $randomNumber(1, 2) }}{{ $env.HOME }}',
        },
      },
    },
    { callTool: { name: 'b', capture: [{ json: '$.a', as: 'rows' }] } },
    { capture: { regexp: 'x', as: 'later' } },
    { loop: [{ log: '{{ $loopCount }} {{ $loopElement }}' }], over: 'rows', whileTrue: 'isLate' },
    { loop: [{ log: '{{ n }} {{ each }}' }], count: 2, loopValue: 'n', loopElement: 'each' },
    { ifTrue: 'city == "nobody" and \'rows\' in (1, 2) and abs(later) > 2 or true', steps: [{ log: 'x' }] },
  ]
  expect(unset(flow, ['city'])).toEqual([])
})

test('what nothing sets is found in templates, conditions and lists to loop over, with the nearest name', () => {
  const flow = [
    {
      callTool: {
        name: '{{ toool }}',
        arguments: { deep: [{ a: 'x {{ nosuch.a }}' }], ifTrue: 'just < text' },
        ifTrue: 'page < 10',
      },
    },
    { loop: [{ ping: {} }], over: 'cites' },
    { loop: [{ ping: {} }], whileTrue: '$loopCount < limit and user.name == 1' },
    { log: '{{ $loopCunt }}' },
    { ifTrue: "'odd name' == 1", steps: [{ ping: {} }] },
  ]
  expect(unset(flow, ['cities'])).toEqual([
    'flow[0].callTool.name: toool',
    'flow[0].callTool.arguments.deep[0].a: nosuch',
    'flow[0].callTool.ifTrue: page',
    'flow[1].over: cites',
    'flow[2].whileTrue: limit',
    'flow[2].whileTrue: user',
    'flow[3].log: $loopCunt',
    'flow[4].ifTrue: odd name',
  ])
  expect(findUnsetVariables(flow, 'flow', { variables: ['cities'] })[3]?.hint).toBe('did you mean cities?')
})
