import type { CallOutcome } from '../call-outcome.ts'
import type { Dialect, McpConnection, McpRequest, TakeOutcome, Traffic } from '../mcp-connection.ts'

/** A connection that does something of its own around the requests of another, whichever its transport. */
export abstract class ForwardingConnection implements McpConnection {
  protected readonly inner: McpConnection

  constructor(inner: McpConnection) {
    this.inner = inner
  }

  get dialect(): Dialect {
    return this.inner.dialect
  }

  get hasSession(): boolean {
    return this.inner.hasSession
  }

  get isLost(): boolean {
    return this.inner.isLost
  }

  get traffic(): Traffic {
    return this.inner.traffic
  }

  speak(dialect: Dialect): void {
    this.inner.speak(dialect)
  }

  abstract request(request: McpRequest, signal: AbortSignal): Promise<CallOutcome>

  ask(request: McpRequest, signal: AbortSignal, take: TakeOutcome): void {
    // Neither of the two rejects or throws.
    void this.request(request, signal).then(take)
  }

  notify(method: string, paramsJson: string, signal: AbortSignal): Promise<CallOutcome> {
    return this.inner.notify(method, paramsJson, signal)
  }

  holdStream(resources?: readonly string[]): void {
    this.inner.holdStream(resources)
  }

  resumeStream(): void {
    this.inner.resumeStream()
  }

  probe(path: string, signal: AbortSignal, headers?: Readonly<Record<string, string>>): Promise<void> {
    return this.inner.probe(path, signal, headers)
  }

  authorize(authorization: string): void {
    this.inner.authorize(authorization)
  }

  close(leaving: 'end-session' | 'abandon'): Promise<void> {
    return this.inner.close(leaving)
  }
}
