import type { Clock } from '@squall/time'
import type { CallOutcome, FailureCode } from '../call-outcome.ts'
import { CallTable, type GivenUp } from '../call-table.ts'
import type { WireEvent } from '../wire-tap.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import type { Dialect, McpRequest, TakeOutcome, Traffic } from '../mcp-connection.ts'
import { type CallFacts, type CallHost, PendingCall } from '../pending-call.ts'
import { cancelledText, toGivenUpMessage } from './given-up.ts'
import { readMessage } from './message.ts'
import { modernMetaJson, notificationText, requestText } from './request-text.ts'
import { noteNotice, type NoticeParts } from './server-notices.ts'
import { answerTo } from './server-requests.ts'

/** Sends one message; the call, where there is one, waits for it to be answered or acknowledged. */
export type SendMessage = (text: string, call: PendingCall | undefined) => void

/** Why no call can be made any more. */
interface End {
  readonly code: FailureCode
  readonly why: string
}

/**
 * The calls of a connection on which single messages travel both ways: requests find their answers by id, requests of
 * the server are answered, and what nobody asked for is noted.
 */
export class DuplexCalls implements CallHost {
  readonly clock: Clock
  readonly #options: ConnectionOptions
  readonly #send: SendMessage
  readonly #table: CallTable
  readonly #noticeParts: NoticeParts
  #dialect: Dialect
  #nextId: number
  #end: End | undefined
  #bytesSent = 0
  #bytesReceived = 0
  #strayReplies = 0

  constructor(options: ConnectionOptions, send: SendMessage) {
    this.#options = options
    this.clock = options.clock
    this.#send = (text, call) => {
      this.#tell('sent', text)
      send(text, call)
    }
    this.#dialect = options.dialect
    this.#nextId = options.firstRequestId
    this.#table = new CallTable(options.clock, (call, why) => this.#giveUp(call, why))
    this.#noticeParts = { clock: options.clock, observer: options.observer, table: this.#table }
  }

  get dialect(): Dialect {
    return this.#dialect
  }

  get traffic(): Traffic {
    return { bytesSent: this.#bytesSent, bytesReceived: this.#bytesReceived, strayReplies: this.#strayReplies }
  }

  get hasEnded(): boolean {
    return this.#end !== undefined
  }

  speak(dialect: Dialect): void {
    this.#dialect = dialect
  }

  ask(request: McpRequest, signal: AbortSignal, take: TakeOutcome): void {
    const { era, protocolVersion } = this.#dialect
    const { requestTimeoutMs, identity } = this.#options
    const id = request.id ?? this.#nextId++
    const metaJson = era === 'modern' ? modernMetaJson(identity, protocolVersion) : undefined
    const { method, cancelAfterMs } = request
    this.#start({ id, method, signal, timeoutMs: requestTimeoutMs, cancelAfterMs }, requestText(request, id, metaJson), take)
  }

  /** The outcome is that of the sending: whoever sends acknowledges the call. */
  notify(method: string, paramsJson: string, signal: AbortSignal): Promise<CallOutcome> {
    const { requestTimeoutMs: timeoutMs } = this.#options
    return new Promise((resolve) => this.#start({ method, signal, timeoutMs }, notificationText(method, paramsJson), resolve))
  }

  onSettled(call: PendingCall): void {
    this.#table.delete(call)
  }

  /** To be told when a message has left. */
  sent(bytes: number, call: PendingCall | undefined): void {
    this.#bytesSent += bytes
    if (call) call.bytesSent = bytes
  }

  /** Of bytes that are no message, such as comments in a stream. */
  received(bytes: number): void {
    this.#bytesReceived += bytes
  }

  /**
   * Takes the text of a message.
   * @param bytes its size.
   */
  take(text: string, bytes: number): void {
    this.#tell('received', text)
    const message = readMessage(text)
    if (message.kind === 'request') this.#send(answerTo(message, this.#options.identity, this.#options.answers), undefined)
    else if (message.kind === 'notification') noteNotice(message, this.#noticeParts)
    // What is no message at all is a server's log gone astray, as the specification forbids but servers do.
    else if (message.kind === 'invalid' || !this.#table.answer(message, bytes)) this.#strayReplies++
  }

  /** Ends every call under way, and all that are still to come: the line is gone. */
  end(code: FailureCode, why: string): void {
    this.#end ??= { code: 'transport.refused', why }
    this.#table.endAll((call) => call.fail(code, why))
  }

  /** Ends everything as stopped, because this side leaves. */
  close(): void {
    this.#end = { code: 'stopped', why: 'the run ended' }
    this.#table.close()
  }

  #tell(direction: WireEvent['direction'], text: string): void {
    const { tap, clock } = this.#options
    tap?.heard({ direction, atMs: clock.monotonicMs(), carrier: '', headers: {}, text })
  }

  #start(facts: CallFacts, text: string, take: TakeOutcome): void {
    const call = new PendingCall(facts, this, take)
    if (facts.signal.aborted) call.fail('stopped', 'the run ended')
    else if (this.#end) call.fail(this.#end.code, this.#end.why)
    else {
      this.#table.add(call)
      this.#send(text, call)
    }
  }

  #giveUp(call: PendingCall, why: GivenUp): void {
    call.fail(why, toGivenUpMessage(why))
    // What never left, and a handshake, cannot be cancelled.
    if (call.id === undefined || call.bytesSent === 0 || call.method === 'initialize' || this.#end) return
    this.#send(cancelledText(call.id, why), undefined)
  }
}
