// The client that the official conformance suite drives: the connections of this library, in the order that any client uses them.
import process from 'node:process'
import { systemClock } from '@squall/time'
import { fillForm } from '../answers/fill-form.ts'
import {
  type CallOutcome,
  ClientCredentials,
  type ClientIdentity,
  type Dialect,
  initializeRequest,
  type JsonObject,
  type McpConnection,
  type McpRequest,
  modernVersion,
  newestLegacyVersion,
  openConnection,
} from '../index.ts'
import { isObject } from '../rpc/message.ts'

/** What a scenario tells its client, besides the address. */
interface Context {
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: JsonObject }[]
  readonly client_id?: string
  readonly client_secret?: string
  readonly private_key_pem?: string
}

const target = process.argv.at(-1) ?? ''
const version = process.env['MCP_CONFORMANCE_PROTOCOL_VERSION'] ?? newestLegacyVersion
// Written by the suite, which is part of the test.
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as Context
const dialect: Dialect = { era: version < modernVersion ? 'legacy' : 'modern', protocolVersion: version }
const identity: ClientIdentity = {
  clientInfo: { name: 'squall', version: '0.0.0' },
  capabilities: { roots: {}, sampling: {}, elicitation: { form: {} } },
}
const never = new AbortController().signal
const requestTimeoutMs = 15_000

const connection = openConnection('streamable-http', target, {
  clock: systemClock,
  identity,
  dialect,
  requestTimeoutMs,
  firstRequestId: 0,
  headers: { 'user-agent': 'squall' },
  keepAlive: true,
  echoesSession: true,
  sendsVersionHeader: true,
  answers: { roots: [], sampling: { text: 'hello' }, elicitation: { action: 'accept' } },
  ...(context.client_id !== undefined && { credentials: credentialsOf(context.client_id) }),
})
try {
  await drive(connection)
} finally {
  await connection.close('end-session')
}

function credentialsOf(clientId: string): ClientCredentials {
  const { client_secret: clientSecret, private_key_pem: privateKey } = context
  return new ClientCredentials({
    clock: systemClock,
    target,
    clientId,
    timeoutMs: requestTimeoutMs,
    ...(clientSecret !== undefined && { clientSecret }),
    ...(privateKey !== undefined && { privateKey }),
  })
}

async function drive(connection: McpConnection): Promise<void> {
  const capabilities = await open(connection)
  const names = dialect.era === 'legacy' ? await callTools(connection) : await callTools(connection, context.toolCalls)
  process.stderr.write(`called ${names.join(', ')}\n`)
  if ('resources' in capabilities) await readResources(connection)
  if ('prompts' in capabilities) await getPrompts(connection)
}

async function open(connection: McpConnection): Promise<JsonObject> {
  const opening =
    dialect.era === 'legacy' ? initializeRequest(identity, dialect) : { method: 'server/discover', paramsJson: '{}' }
  let outcome = await connection.request(opening, never)
  // A server that refuses a version names those it speaks; there is one of this era.
  if (!outcome.ok && outcome.code === 'rpc.-32022') outcome = await connection.request(opening, never)
  if (!outcome.ok) throw new Error(`${opening.method}: ${outcome.code} ${outcome.message}`)
  if (dialect.era === 'legacy') {
    await connection.notify('notifications/initialized', '{}', never)
    connection.holdStream()
  }
  const { capabilities } = outcome.result
  return isObject(capabilities) ? capabilities : {}
}

async function callTools(connection: McpConnection, wanted?: Context['toolCalls']): Promise<readonly string[]> {
  const tools = await list(connection, 'tools/list', 'tools')
  const calls = wanted ?? tools.map(({ name, inputSchema }) => ({ name: String(name), arguments: fillForm(inputSchema) }))
  for (const call of calls) await ask(connection, { method: 'tools/call', name: call.name, paramsJson: JSON.stringify(call) })
  return calls.map(({ name }) => name)
}

async function readResources(connection: McpConnection): Promise<void> {
  for (const { uri } of await list(connection, 'resources/list', 'resources')) {
    await ask(connection, { method: 'resources/read', name: String(uri), paramsJson: JSON.stringify({ uri }) })
  }
}

async function getPrompts(connection: McpConnection): Promise<void> {
  for (const { name } of await list(connection, 'prompts/list', 'prompts')) {
    await ask(connection, { method: 'prompts/get', name: String(name), paramsJson: JSON.stringify({ name }) })
  }
}

async function list(connection: McpConnection, method: string, member: string): Promise<readonly JsonObject[]> {
  const outcome = await ask(connection, { method, paramsJson: '{}' })
  const found = outcome.result?.[member]
  return Array.isArray(found) ? found.filter(isObject) : []
}

/** A failed call is for the suite to judge, which saw it. */
async function ask(connection: McpConnection, request: McpRequest): Promise<CallOutcome> {
  const outcome = await connection.request(request, never)
  if (!outcome.ok) process.stderr.write(`${request.method}: ${outcome.code} ${outcome.message}\n`)
  return outcome
}
