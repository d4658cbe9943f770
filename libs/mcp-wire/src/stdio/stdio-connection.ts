import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { CodedError } from '@squall/errors'
import type { CallOutcome, FailureCode } from '../call-outcome.ts'
import { CallTable, type GivenUp } from '../call-table.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import { mcpWireErrors } from '../errors.ts'
import type { Dialect, McpConnection, McpRequest, Traffic } from '../mcp-connection.ts'
import { PendingCall } from '../pending-call.ts'
import { readMessage, type ServerMessage } from '../rpc/message.ts'
import { modernMetaJson, notificationText, requestText } from '../rpc/request-text.ts'
import { answerTo } from '../rpc/server-requests.ts'
import { splitCommandLine } from './command-line.ts'
import { LineSplitter } from './line-splitter.ts'

export interface StdioOptions extends ConnectionOptions {
  /** Longest line a server may write, in characters; 16 Mi unless told. */
  readonly longestLine?: number
}

// How long a server may take to end by itself, and then after SIGTERM.
const patienceMs = 1000
const usualLongestLine = 16 * 2 ** 20

/** MCP over the standard streams of a process of one's own, one message a line. Source: MCP 2025-11-25, "Transports", stdio. */
export class StdioConnection implements McpConnection {
  readonly #options: StdioOptions
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #table: CallTable
  readonly #ended: Promise<void>
  #dialect: Dialect
  #nextId: number
  #isClosed = false
  /** Why the process is gone; empty while it is there. */
  #end = ''
  /** Until it says something, a process that ends was never a server. */
  #hasSpoken = false
  #bytesSent = 0
  #bytesReceived = 0
  #strayReplies = 0

  /**
   * Starts the server.
   * @throws CodedError `WIRE_BAD_TARGET` where the command line is empty.
   */
  constructor(commandLine: string, options: StdioOptions) {
    const [program, ...args] = splitCommandLine(commandLine)
    if (program === undefined) throw new CodedError(mcpWireErrors.WIRE_BAD_TARGET, { message: 'the command line is empty' })
    this.#options = options
    this.#dialect = options.dialect
    this.#nextId = options.firstRequestId
    this.#table = new CallTable(options.clock, (call, why) => this.#giveUp(call, why))
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#ended = this.#listen(this.#process)
  }

  get dialect(): Dialect {
    return this.#dialect
  }

  /** The process is the session. */
  get hasSession(): boolean {
    return false
  }

  get isLost(): boolean {
    return this.#end !== ''
  }

  get traffic(): Traffic {
    return { bytesSent: this.#bytesSent, bytesReceived: this.#bytesReceived, strayReplies: this.#strayReplies }
  }

  speak(dialect: Dialect): void {
    this.#dialect = dialect
  }

  request(request: McpRequest, signal: AbortSignal): Promise<CallOutcome> {
    const { era, protocolVersion } = this.#dialect
    const id = request.id ?? this.#nextId++
    const metaJson = era === 'modern' ? modernMetaJson(this.#options.identity, protocolVersion) : undefined
    return new Promise((resolve) => {
      const call = this.#newCall({ id, method: request.method, signal, resolve })
      if (!call.isSettled) this.#send(requestText(request, id, metaJson), call)
    })
  }

  notify(method: string, paramsJson: string, signal: AbortSignal): Promise<CallOutcome> {
    return new Promise((resolve) => {
      const call = this.#newCall({ method, signal, resolve })
      if (call.isSettled) return
      this.#send(notificationText(method, paramsJson), call)
      // A line that was written is all there is to know of a notification.
      call.acknowledge()
    })
  }

  holdStream(): void {
    // A server may speak at any time on this transport.
  }

  resumeStream(): void {
    // The standard streams break only with the process.
  }

  async probe(): Promise<void> {
    // There is nothing outside MCP to fetch.
  }

  async close(): Promise<void> {
    if (this.#isClosed) return this.#ended
    this.#isClosed = true
    this.#table.close()
    this.#process.stdin.end()
    const { clock } = this.#options
    const startMs = clock.monotonicMs()
    const timers = [
      clock.at(startMs + patienceMs, () => this.#process.kill('SIGTERM')),
      clock.at(startMs + 2 * patienceMs, () => this.#process.kill('SIGKILL')),
    ]
    await this.#ended
    for (const timer of timers) timer.cancel()
  }

  #newCall(facts: {
    id?: string | number
    method: string
    signal: AbortSignal
    resolve: (outcome: CallOutcome) => void
  }): PendingCall {
    const { resolve, ...parts } = facts
    const { clock, requestTimeoutMs: timeoutMs } = this.#options
    const onSettled = (outcome: CallOutcome, settled: PendingCall): void => {
      this.#table.delete(settled)
      resolve(outcome)
    }
    const call = new PendingCall({ ...parts, clock, timeoutMs, onSettled })
    if (facts.signal.aborted || this.#isClosed) call.fail('stopped', 'the run ended')
    else if (this.#end !== '') call.fail('transport.refused', this.#end)
    else this.#table.add(call)
    return call
  }

  #send(text: string, call?: PendingCall): void {
    const line = Buffer.from(`${text}\n`)
    this.#bytesSent += line.length
    if (call) call.bytesSent = line.length
    this.#process.stdin.write(line)
  }

  /** @returns a promise that resolves once the process is gone. */
  #listen(server: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
    const lines = new LineSplitter(this.#options.longestLine ?? usualLongestLine, (line) => this.#takeLine(line))
    server.stdout.on('data', (chunk: Buffer) => {
      this.#bytesReceived += chunk.length
      if (!lines.push(chunk)) server.kill('SIGKILL')
    })
    // A broken pipe only says that the process is going; its end says why.
    server.stdin.on('error', () => undefined)
    return new Promise((resolve) => {
      const onEnd = (why: string): void => {
        this.#end = why
        this.#failAll(this.#hasSpoken ? 'transport.reset' : 'transport.refused')
        resolve()
      }
      server.once('error', (error) => onEnd(`the server could not be started: ${error.message}`))
      server.once('close', (code, signal) => onEnd(`the server ended with ${signal ?? `status ${code}`}`))
    })
  }

  #takeLine(line: string): void {
    if (line.trim() === '') return
    const message = readMessage(line)
    this.#hasSpoken = true
    if (message.kind === 'request') this.#send(answerTo(message, this.#options.identity))
    else if (message.kind === 'result' || message.kind === 'error') this.#takeReply(message, Buffer.byteLength(line))
    // What is no message is a server's log gone astray, as the specification forbids but servers do.
    else if (message.kind === 'invalid') this.#strayReplies++
  }

  #takeReply(reply: ServerMessage & { readonly kind: 'result' | 'error' }, bytes: number): void {
    if (!this.#table.answer(reply, bytes)) this.#strayReplies++
  }

  #failAll(code: FailureCode): void {
    this.#table.endAll((call) => call.fail(code, this.#end))
  }

  #giveUp(call: PendingCall, why: GivenUp): void {
    call.fail(why, why === 'stopped' ? 'the run ended before the answer' : 'no answer in time')
    if (call.id === undefined || call.method === 'initialize' || this.#isClosed) return
    const reason = why === 'stopped' ? 'the client stopped' : 'the request timed out'
    this.#send(notificationText('notifications/cancelled', JSON.stringify({ requestId: call.id, reason })))
  }
}
