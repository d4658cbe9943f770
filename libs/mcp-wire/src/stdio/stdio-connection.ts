import { CodedError } from '@squall/errors'
import type { ConnectionOptions } from '../connection-options.ts'
import { mcpWireErrors } from '../errors.ts'
import { utf8Text } from '../http/utf8-text.ts'
import type { PendingCall } from '../pending-call.ts'
import { DuplexConnection } from '../rpc/duplex-connection.ts'
import { splitCommandLine } from './command-line.ts'
import { LineSplitter } from './line-splitter.ts'
import { type ServerProcess, signalServer, startServer } from './server-process.ts'

export interface StdioOptions extends ConnectionOptions {
  /** Longest line a server may write; 16 MiB unless told. */
  readonly longestLineBytes?: number
}

// How long a server may take to end by itself, and then after SIGTERM.
const patienceMs = 1000
const usualLongestLineBytes = 16 * 2 ** 20

/** MCP over the standard streams of a process of one's own, one message a line. Source: MCP 2025-11-25, "Transports", stdio. */
export class StdioConnection extends DuplexConnection {
  readonly #options: StdioOptions
  readonly #process: ServerProcess
  readonly #ended: Promise<void>
  #isClosed = false
  /** Until it says something, a process that ends was never a server. */
  #hasSpoken = false

  /**
   * Starts the server.
   * @throws CodedError `WIRE_BAD_TARGET` where the command line is empty.
   */
  constructor(commandLine: string, options: StdioOptions) {
    super(options)
    const [program, ...args] = splitCommandLine(commandLine)
    if (program === undefined) throw new CodedError(mcpWireErrors.WIRE_BAD_TARGET, { message: 'the command line is empty' })
    this.#options = options
    this.#process = startServer(program, args)
    this.#ended = this.#listen(this.#process)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return this.#ended
    this.#isClosed = true
    this.calls.close()
    this.#process.stdin.end()
    const { clock } = this.#options
    const startMs = clock.monotonicMs()
    const timers = [
      clock.at(startMs + patienceMs, () => signalServer(this.#process, 'SIGTERM')),
      clock.at(startMs + 2 * patienceMs, () => this.#kill()),
    ]
    await this.#ended
    for (const timer of timers) timer.cancel()
  }

  protected send(text: string, call: PendingCall | undefined): void {
    const line = Buffer.from(`${text}\n`)
    this.calls.sent(line.length, call)
    this.#process.stdin.write(line)
    // A line that was written is all there is to know of a notification.
    if (call?.id === undefined) call?.acknowledge()
  }

  // Whoever left the group may still hold the server's output: it is not waited for.
  #kill(): void {
    signalServer(this.#process, 'SIGKILL')
    this.#process.stdout.destroy()
  }

  /** @returns a promise that resolves once the process is gone. */
  #listen(server: ServerProcess): Promise<void> {
    const lines = new LineSplitter(this.#options.longestLineBytes ?? usualLongestLineBytes, (line) => this.#takeLine(line))
    server.stdout.on('data', (chunk: Buffer) => {
      this.calls.received(chunk.length)
      if (!lines.push(chunk)) signalServer(server, 'SIGKILL')
    })
    // A broken pipe only says that the process is going; its end says why.
    server.stdin.on('error', () => undefined)
    return new Promise((resolve) => {
      const onEnd = (why: string): void => {
        this.calls.end(this.#hasSpoken ? 'transport.reset' : 'transport.refused', why)
        resolve()
      }
      server.once('error', (error) => onEnd(`the server could not be started: ${error.message}`))
      server.once('close', (code, signal) => onEnd(`the server ended with ${signal ?? `status ${code}`}`))
    })
  }

  #takeLine(line: Buffer): void {
    const text = utf8Text(line)
    if (text?.trim() === '') return
    this.#hasSpoken = true
    // What is no UTF-8 is no message; read as a text that is no JSON, it is noted as such.
    this.calls.take(text ?? '', line.length)
  }
}
