import { expect, test } from 'vitest'
import { type ClientAnswers, type ConnectionSettings, type McpConnection, openConnection } from '../index.ts'
import { echo, legacy, modern, never } from '../test/connect.ts'
import { say, type SeenMessage, type SocketDoing, WsServer } from '../test/ws-server.ts'
import { systemClock } from '@squall/time'

const identity = { clientInfo: { name: 'test', version: '1' }, capabilities: { roots: {}, elicitation: {} } }
const elicitation = { action: 'accept' } as const
const question = { method: 'elicitation/create', params: { requestedSchema: { properties: { a: { default: 1 } } } } }

function connect(
  server: WsServer,
  answers?: ClientAnswers,
  settings: Partial<ConnectionSettings> = {},
): McpConnection & AsyncDisposable {
  const connection = openConnection('websocket', server.url, {
    clock: systemClock,
    identity,
    dialect: modern,
    requestTimeoutMs: 5000,
    firstRequestId: 0,
    headers: {},
    keepAlive: true,
    echoesSession: true,
    sendsVersionHeader: true,
    ...(answers && { answers }),
    ...settings,
  })
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.close('abandon') })
}

/** Asks so many times for input before it answers. */
const asking =
  (rounds: number, result: object): SocketDoing =>
  ({ id }, socket, server) => {
    const isEnough = server.seen.length > rounds
    say(socket, { id, result: isEnough ? { content: [] } : { resultType: 'input_required', ...result } })
  }

const paramsOf = (messages: readonly SeenMessage[]): unknown[] =>
  messages.map(({ params }) => Object.fromEntries(Object.entries(params ?? {}).filter(([key]) => key !== '_meta')))

test('a call that needs input is tried again with it, under another id and with the state as it came', async () => {
  const requestState = 'opaque "ü" \u2028\\'
  const inputRequests = { confirm: question, where: { method: 'roots/list' } }
  await using server = await WsServer.start({ 'tools/call': asking(2, { inputRequests, requestState }) })
  await using connection = connect(server, { elicitation })
  const outcome = await connection.request(echo, never)
  expect(outcome).toMatchObject({ ok: true, result: { content: [] } })
  const inputResponses = { confirm: { action: 'accept', content: { a: 1 } }, where: { roots: [] } }
  const call = { name: 'echo', arguments: { text: 'hi' } }
  expect(paramsOf(server.seen)).toEqual([
    call,
    { ...call, inputResponses, requestState },
    { ...call, inputResponses, requestState },
  ])
  expect(server.seen.map(({ id }) => id)).toEqual([0, 1, 2])
  expect(outcome.bytesSent).toBe(connection.traffic.bytesSent)
  expect(outcome.bytesReceived).toBe(connection.traffic.bytesReceived)
})

test('a server without state gets none back, and one without questions only its state', async () => {
  await using stateless = await WsServer.start({ 'tools/call': asking(1, { inputRequests: { a: question } }) })
  await using one = connect(stateless, { elicitation })
  await one.request(echo, never)
  expect(stateless.seen[1]?.params).not.toHaveProperty('requestState')
  await using silent = await WsServer.start({ 'tools/call': asking(1, { requestState: 's' }) })
  await using other = connect(silent, { elicitation })
  expect(await other.request({ ...echo, id: 'mine' }, never)).toMatchObject({ ok: true })
  expect(silent.seen[1]?.params).not.toHaveProperty('inputResponses')
  expect(silent.seen.map(({ id }) => id)).toEqual(['mine', 0])
})

test.each([
  ['no answers', undefined, { inputRequests: { a: question } }, 1],
  ['no rounds', { elicitation, inputRounds: 0 }, { inputRequests: { a: question } }, 1],
  ['questions without end', { elicitation, inputRounds: 3 }, { inputRequests: { a: question } }, 4],
  ['a question beyond its capabilities', { elicitation }, { inputRequests: { a: { method: 'sampling/createMessage' } } }, 1],
  ['a question that is none', { elicitation }, { inputRequests: { a: 7 } }, 1],
  ['questions that are no mapping', { elicitation }, { inputRequests: [] }, 1],
] as const)('with %s a call stays one that needs input', async (_, answers, result, requests) => {
  await using server = await WsServer.start({ 'tools/call': asking(100, result) })
  await using connection = connect(server, answers)
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'tool.input_required' })
  expect(server.seen).toHaveLength(requests)
})

test('in the older era nothing is tried again', async () => {
  await using server = await WsServer.start({ 'tools/call': asking(1, { inputRequests: { a: question } }) })
  await using connection = connect(server, { elicitation }, { dialect: legacy })
  expect(await connection.request(echo, never)).toMatchObject({ code: 'tool.input_required' })
  connection.speak(modern)
  expect(connection.dialect).toBe(modern)
})
