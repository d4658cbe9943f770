import { expect, test } from 'vitest'
import { planTool, type PlannedTool } from './try-tools.ts'

const planned = (name: string, properties: object): PlannedTool =>
  planTool({
    tool: { name, inputSchema: { type: 'object', properties, required: Object.keys(properties) } },
    isCalled: true,
    reason: 'only reads, says the server',
  })

test.each([
  ['greet {{ all }}', {}, '"{{" begins a template there'],
  ['find', { '{{ key }}': { type: 'string' } }, '"{{" begins a template there'],
  ['find', { id: { type: 'integer', minimum: 1e18 } }, '1000000000000000000 has more digits than a number holds'],
])('the tool %s with %j is left to the person, since a pack would mean something else', (name, properties, reason) => {
  expect(planned(name, properties)).toMatchObject({
    isCalled: false,
    reason: `a pack cannot say its name or arguments: ${reason}`,
  })
})

test('what a pack can say is called', () => {
  expect(planned('find', { id: { type: 'integer' }, text: { type: 'string', default: '{ a }' } })).toMatchObject({
    isCalled: true,
    reason: 'only reads, says the server',
  })
})
