import { expect, test } from 'vitest'
import { changed, load, problemsOf } from '../test/write-pack.ts'

const withMcp = (mcp: string): string => changed('engines: { mcp: {} }', `engines: { mcp: {} }\n  mcp: ${mcp}`)
const transportOf = (mcp: string): unknown => load(withMcp(mcp)).plan.scenarios[0]?.client.transport
const lifeCyclesOf = (mcp: string): unknown => load(withMcp(mcp)).plan.scenarios[0]?.client.lifeCycles

test('a life cycle says when a client changes its session, how it leaves, and what it does without calls', () => {
  const written = '{ sessionIterations: 5, sessionDuration: 30s, abandon: 0.25, holdStream: true, reconnect: 2, idle: 500ms }'
  expect(lifeCyclesOf(`{ lifeCycle: ${written} }`)).toEqual([
    { weight: 1, sessionIterations: 5, sessionMs: 30_000, abandonRatio: 0.25, holdsStream: true, reconnectMs: 2000, idleMs: 500 },
  ])
})

test('several are mixed by weight, and none is none', () => {
  expect(lifeCyclesOf('{ lifeCycle: [ { weight: 3 }, { idle: 60s } ] }')).toEqual([{ weight: 3 }, { weight: 1, idleMs: 60_000 }])
  expect(lifeCyclesOf('{}')).toBeUndefined()
})

test.each([
  ['{ lifeCycle: { abandon: 2 } }', /config\.mcp\.lifeCycle.*abandon: found 2, expected a share from 0 to 1/],
  ['{ lifeCycle: { idel: 2 } }', /config\.mcp\.lifeCycle.*idel: expected a known key \(did you mean idle\?\)/],
  ['{ lifeCycle: { sessionIterations: 0 } }', /expected a whole number of at least 1/],
  ['{ lifeCycle: [] }', /expected a mapping of settings such as sessionIterations/],
  ['{ lifeCycle: 7 }', /expected a mapping of settings such as sessionIterations/],
])('%s is refused', (mcp, problem) => {
  expect(problemsOf(withMcp(mcp))).toEqual([expect.stringMatching(problem)])
})

test('a client kind that speaks over a WebSocket does so unless the pack says otherwise', () => {
  expect(transportOf('{ clientKind: websocket_client }')).toBe('websocket')
  expect(transportOf('{ clientKind: websocket_client, transport: streamable-http }')).toBe('streamable-http')
})
