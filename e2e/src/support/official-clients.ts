// The official SDK's clients of both lines, over every transport they have, as one kind of client.
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client'
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { WebSocketClientTransport } from '@modelcontextprotocol/sdk/client/websocket.js'
import { root } from './programs.ts'

/** Where a client finds a server, or how it starts its own. */
export interface Reach {
  readonly url: string
  /** For a server that the client starts itself. */
  readonly env: Readonly<Record<string, string>>
}

export interface Answer {
  readonly isError?: boolean
  readonly content: readonly { readonly text: string }[]
  readonly structuredContent?: Readonly<Record<string, unknown>>
}

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly onprogress?: () => void
}

type Place = 'database' | 'schema' | 'object'

export interface OfficialClient {
  /** Undefined where the client does not tell. */
  readonly version: string | undefined
  tools(): Promise<readonly string[]>
  call(name: string, args: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<Answer>
  resources(): Promise<readonly string[]>
  read(uri: string): Promise<string>
  complete(name: Place, value: string, known: Readonly<Record<string, string>>): Promise<readonly string[]>
  /** What the client could not understand of what it was sent. */
  readonly complaints: readonly Error[]
  close(): Promise<void>
}

const identity = { name: 'e2e', version: '1.0.0' }
const program = `${root}node_modules/.bin/snowflake-mcp`
const ref = { type: 'ref/resource', uri: 'snowflake://{database}/{schema}/{object}' } as const

const spawned = ({ env }: Reach): { command: string; args: string[]; env: Record<string, string>; stderr: 'ignore' } => {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { command: program, args: ['--stdio'], env: { ...Object.fromEntries(inherited), ...env }, stderr: 'ignore' }
}

/** @param mode how it comes by a protocol version: the newest or, as `legacy`, one of the initialize era. */
export async function connectV2(
  reach: Reach,
  transport: 'http' | 'stdio',
  mode: VersionNegotiationMode,
): Promise<OfficialClient> {
  const client = new ClientV2(identity, { versionNegotiation: { mode } })
  const complaints = complaintsOf(client)
  await client.connect(transport === 'http' ? new HttpV2(new URL(reach.url)) : new StdioV2(spawned(reach)))
  return {
    version: client.getNegotiatedProtocolVersion(),
    complaints,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    // Answers of tools are checked by the client against their output schemas.
    call: async (name, args, options) => (await client.callTool({ name, arguments: { ...args } }, options)) as unknown as Answer,
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    read: async (uri) => textOf((await client.readResource({ uri })).contents),
    complete: async (name, value, known) =>
      (await client.complete({ ref, argument: { name, value }, context: { arguments: { ...known } } })).completion.values,
    close: () => client.close(),
  }
}

export async function connectV1(reach: Reach, transport: 'http' | 'stdio' | 'websocket'): Promise<OfficialClient> {
  const client = new ClientV1(identity)
  const complaints = complaintsOf(client)
  await client.connect(transportV1(reach, transport))
  return {
    version: undefined,
    complaints,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args, options) =>
      (await client.callTool({ name, arguments: { ...args } }, undefined, options)) as unknown as Answer,
    resources: () => listResourcesV1(client),
    read: async (uri) => textOf((await client.readResource({ uri })).contents),
    complete: async (name, value, known) =>
      (await client.complete({ ref, argument: { name, value }, context: { arguments: { ...known } } })).completion.values,
    close: () => client.close(),
  }
}

/** The first line leaves it to its user to turn the pages. */
async function listResourcesV1(client: ClientV1): Promise<readonly string[]> {
  const uris: string[] = []
  let cursor: string | undefined
  do {
    const page = await client.listResources(cursor === undefined ? {} : { cursor })
    uris.push(...page.resources.map(({ uri }) => uri))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return uris
}

function transportV1(reach: Reach, transport: 'http' | 'stdio' | 'websocket'): Parameters<ClientV1['connect']>[0] {
  if (transport === 'stdio') return new StdioV1(spawned(reach))
  if (transport === 'websocket') return new WebSocketClientTransport(new URL('/ws', reach.url.replace('http', 'ws')))
  return new HttpV1(new URL(reach.url))
}

/** Both lines tell of messages they cannot read, and of answers to nothing they asked, in this way alone. */
function complaintsOf(client: { onerror?: ((error: Error) => void) | undefined }): readonly Error[] {
  const complaints: Error[] = []
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's clients are no event targets
  client.onerror = (error) => void complaints.push(error)
  return complaints
}

function textOf([first]: readonly object[]): string {
  return first !== undefined && 'text' in first && typeof first.text === 'string' ? first.text : ''
}
