import { serveStdio as serveSdkStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { detectClientType } from '@squall/session'
import type { Readable, Writable } from 'node:stream'
import type { Caller } from '../request-context.ts'
import type { ServerCore } from '../server-core.ts'
import { createSdkServer } from '../protocol/sdk-server.ts'
import type { ServerInfo } from '../protocol/server-info.ts'

export interface StdioOptions {
  readonly info: ServerInfo
  /** Standard input and output unless a test gives others. */
  readonly input?: Readable
  readonly output?: Writable
  readonly onError: (error: Error) => void
}

export interface StdioListener {
  /** Resolves when the client closed its end, or the listener was closed. */
  readonly closed: Promise<void>
  close(): Promise<void>
}

/** Serves one client over standard input and output, in either era; nothing but protocol is written to the output. */
export function serveStdio(core: ServerCore, { info, input, output, onError }: StdioOptions): StdioListener {
  const transport = new StdioServerTransport(input, output)
  const handle = serveSdkStdio(() => createSdkServer(core, info, stdioCaller), { transport, onerror: onError })
  const ended = Promise.withResolvers<void>()
  // The SDK sets its own handler when it starts the transport; both must hear of the end.
  const sdkOnClose = transport.onclose
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's transport is no event target
  transport.onclose = () => {
    sdkOnClose?.()
    ended.resolve()
  }
  return { closed: ended.promise, close: () => handle.close() }
}

function stdioCaller(name: string | undefined): Caller {
  return { transport: 'stdio', clientType: detectClientType({ name, transport: 'stdio' }) }
}
