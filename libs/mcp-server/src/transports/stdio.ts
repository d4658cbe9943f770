import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { serveStdio as serveSdkStdio } from '@modelcontextprotocol/server/stdio'
import { detectClientType } from '@squall/session'
import type { Caller } from '../request-context.ts'
import type { ServerCore } from '../server-core.ts'
import { CallWatch } from '../protocol/call-watch.ts'
import { createSdkServer } from '../protocol/sdk-server.ts'
import type { ServerInfo } from '../protocol/server-info.ts'
import { DuplexTransport } from './duplex/duplex-transport.ts'
import { LineSplitter } from './duplex/line-splitter.ts'

export interface StdioOptions {
  readonly info: ServerInfo
  /** Standard input and output unless a test gives others. */
  readonly input?: Readable
  readonly output?: Writable
  /** Of one message of the client. */
  readonly maxMessageBytes?: number
  readonly onError: (error: Error) => void
}

export interface StdioListener {
  /** Resolves when the client closed its end, or the listener was closed. */
  readonly closed: Promise<void>
  close(): Promise<void>
}

const defaultMaxMessageBytes = 4_194_304

/** Serves one client over standard input and output, in either era; nothing but protocol is written to the output. */
export function serveStdio(core: ServerCore, options: StdioOptions): StdioListener {
  const { info, input = process.stdin, output = process.stdout, maxMessageBytes = defaultMaxMessageBytes, onError } = options
  const watch = new CallWatch(core.clock)
  const ended = Promise.withResolvers<void>()
  const transport = new DuplexTransport({
    write(text) {
      output.write(`${text}\n`)
      // A client that does not read is not read from either, so that what waits for it stays bounded.
      if (output.writableNeedDrain) holdBack()
    },
    end: () => input.pause(),
    onRefused: (reason) => core.metrics.messageRefused('stdio', reason),
  })
  const lines = new LineSplitter(
    maxMessageBytes,
    (line) => transport.receive(line),
    () => transport.refuse('too_large'),
  )
  const onData = (chunk: Buffer): void => lines.push(chunk)
  const onEnd = (): void => transport.closed()
  const holdBack = (): void => {
    if (input.isPaused()) return
    input.pause()
    // Detached: where the output never drains, the client is gone, and the input's end tells so.
    void once(output, 'drain').then(
      () => input.resume(),
      () => undefined,
    )
  }
  const handle = serveSdkStdio(() => createSdkServer({ core, watch, info }, stdioCaller), { transport, onerror: onError })
  // The SDK sets its own handler when it starts the transport; both must hear of the end.
  const sdkOnClose = transport.onclose
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's transports are no event targets
  transport.onclose = () => {
    sdkOnClose?.()
    watch.close()
    input.off('data', onData).off('end', onEnd).off('close', onEnd)
    ended.resolve()
  }
  input.on('data', onData).on('end', onEnd).on('close', onEnd)
  // The client has closed its end of the output: the input's end follows.
  output.on('error', onError)
  return { closed: ended.promise, close: () => handle.close() }
}

function stdioCaller(name: string | undefined): Caller {
  return { transport: 'stdio', clientType: detectClientType({ name, transport: 'stdio' }) }
}
