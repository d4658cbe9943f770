// Calls tools of a running server with the official client, for tests.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

export interface Answer {
  readonly text: string
  readonly isError: boolean
  readonly data: Readonly<Record<string, unknown>>
}

export interface ToolClient {
  readonly client: Client
  call(name: string, args?: Readonly<Record<string, unknown>>, options?: { readonly signal?: AbortSignal }): Promise<Answer>
  /** The text of a call that must fail. */
  failure(name: string, args?: Readonly<Record<string, unknown>>): Promise<string>
}

export async function connectTools(url: string, mode: 'legacy' | 'auto' = 'auto'): Promise<ToolClient> {
  const client = new Client({ name: 'tool-tests', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  return toolClient(client)
}

/** The same over a connection that is there. */
export function toolClient(client: Client): ToolClient {
  const call: ToolClient['call'] = async (name, args = {}, options = {}) => {
    const result = await client.callTool({ name, arguments: { ...args } }, options)
    const [first] = result.content
    return {
      text: first?.type === 'text' ? first.text : '',
      isError: result.isError === true,
      // An answer that is an error has none.
      data: (result.structuredContent ?? {}) as Readonly<Record<string, unknown>>,
    }
  }
  return {
    client,
    call,
    async failure(name, args) {
      const { text, isError } = await call(name, args)
      if (!isError) throw new Error(`${name} did not fail: ${text}`)
      return text
    },
  }
}
