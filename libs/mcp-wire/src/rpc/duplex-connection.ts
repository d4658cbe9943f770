import type { CallOutcome } from '../call-outcome.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import type { Dialect, McpConnection, McpRequest, TakeOutcome, Traffic } from '../mcp-connection.ts'
import type { PendingCall } from '../pending-call.ts'
import { DuplexCalls } from './duplex-calls.ts'

/** A connection on which single messages travel both ways at any time, and which is the session itself. */
export abstract class DuplexConnection implements McpConnection {
  protected readonly calls: DuplexCalls

  constructor(options: ConnectionOptions) {
    this.calls = new DuplexCalls(options, (text, call) => this.send(text, call))
  }

  get dialect(): Dialect {
    return this.calls.dialect
  }

  /** It ends with the connection. */
  get hasSession(): boolean {
    return false
  }

  get isLost(): boolean {
    return this.calls.hasEnded
  }

  get traffic(): Traffic {
    return this.calls.traffic
  }

  speak(dialect: Dialect): void {
    this.calls.speak(dialect)
  }

  request(request: McpRequest, signal: AbortSignal): Promise<CallOutcome> {
    return new Promise((resolve) => this.ask(request, signal, resolve))
  }

  ask(request: McpRequest, signal: AbortSignal, take: TakeOutcome): void {
    this.calls.ask(request, signal, take)
  }

  notify(method: string, paramsJson: string, signal: AbortSignal): Promise<CallOutcome> {
    return this.calls.notify(method, paramsJson, signal)
  }

  holdStream(): void {
    // The server may speak at any time anyway.
  }

  resumeStream(): void {
    // What the server says comes on the connection itself.
  }

  authorize(_authorization: string): void {
    // Standard streams have no headers; transports that do take it up.
  }

  async probe(): Promise<void> {
    // There is nothing outside MCP to fetch.
  }

  abstract close(leaving: 'end-session' | 'abandon'): Promise<void>

  /** Sends one message; the call, where there is one, waits for it to be answered or acknowledged. */
  protected abstract send(text: string, call: PendingCall | undefined): void
}
