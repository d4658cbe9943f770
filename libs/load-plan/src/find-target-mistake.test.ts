import { expect, test } from 'vitest'
import { findTargetMistake, type ClientPlan, type ScenarioPlan } from './index.ts'

function speaking(...transports: readonly ClientPlan['transport'][]): ScenarioPlan[] {
  return transports.map((transport) => ({
    name: transport,
    weight: 1,
    client: { clientKind: 'http_client', transport, protocolVersion: 'auto', headers: {} },
    flow: [],
  }))
}

test.each([
  ['http://127.0.0.1:3000/mcp', speaking('streamable-http', 'websocket')],
  ['ws://127.0.0.1:3000/mcp', speaking('websocket')],
  ['https://h/mcp', speaking('websocket')],
  ['node server.js --flag', speaking('stdio')],
])('%s can be reached', (target, scenarios) => {
  expect(findTargetMistake(target, scenarios)).toBeUndefined()
})

test.each([
  ['', speaking('streamable-http'), 'a URL such as http://127.0.0.1:3000/mcp'],
  [5, speaking('stdio'), 'a URL such as http://127.0.0.1:3000/mcp'],
  ['localhost:3000', speaking('streamable-http'), 'a whole URL that begins with http:// or https://'],
  ['ws://h/mcp', speaking('websocket', 'streamable-http'), 'a whole URL that begins with http:// or https://'],
  ['node server.js', speaking('stdio', 'websocket'), 'a whole URL that begins with http:// or https://'],
  ['ftp://h', speaking('websocket'), 'a whole URL that begins with ws:// or wss:// or http:// or https://'],
])('%j cannot', (target, scenarios, expected) => {
  expect(findTargetMistake(target, scenarios)).toMatchObject({ value: target, expected })
})

test('a credential in a target is not shown', () => {
  expect(findTargetMistake('ftp://user:geheim@h/', speaking('streamable-http'))?.value).toBe('ftp://***@h/')
})
