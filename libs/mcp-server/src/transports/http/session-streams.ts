import type { Session, SessionRegistry } from '@squall/session'
import type { Clock } from '@squall/time'
import type { Exchange } from './exchange.ts'
import { openPlainStream, type MessageStream } from './message-stream.ts'
import { ReplayBudget } from './replay-budget.ts'
import { ResumableStream } from './resumable-stream.ts'

export interface SessionStreamsOptions {
  readonly clock: Clock
  readonly sessions: SessionRegistry
}

interface StreamsOfSession {
  /** By name; the stream on which the server speaks first is `push`. */
  readonly byName: Map<string, ResumableStream>
  named: number
}

const pushName = 'push'
const keepAliveMs = 15_000
/** Of one session, those included that have ended and may still be asked for. Further calls are answered without a way back. */
const mostStreams = 32
/** Of all sessions together. */
const mostReplayBytes = 64 * 1_048_576
const firstPrimedVersion = '2025-11-25'

/** The event streams of client sessions, of which a client that lost its connection finds its own again. */
export class SessionStreams {
  readonly #options: SessionStreamsOptions
  readonly #budget = new ReplayBudget(mostReplayBytes)
  readonly #bySession = new WeakMap<Session, StreamsOfSession>()

  constructor(options: SessionStreamsOptions) {
    this.#options = options
  }

  /** Opens the stream of one call. */
  openCall(exchange: Exchange, session: Session, onGone: () => void): MessageStream {
    const streams = this.#streamsOf(session)
    if (streams.byName.size >= mostStreams) return openPlainStream(exchange, onGone)
    return this.#open(exchange, session, { name: `call${++streams.named}`, onAbandoned: onGone })
  }

  /** Opens the stream on which the server may speak first; false where the session has one with a listener. */
  openPush(exchange: Exchange, session: Session): boolean {
    const known = this.#streamsOf(session).byName.get(pushName)
    if (known?.hasListener === true) return false
    if (known === undefined) this.#open(exchange, session, { name: pushName, onAbandoned: () => undefined })
    else this.#goOn(exchange, session, known, Number.MAX_SAFE_INTEGER)
    return true
  }

  /** Goes on with the stream of the event a client saw last; false where there is no such stream any more. */
  resume(exchange: Exchange, session: Session, lastEventId: string): boolean {
    const [, name = '', sequence = ''] = /^(push|call\d+)_(\d{1,15})$/.exec(lastEventId) ?? []
    const stream = this.#streamsOf(session).byName.get(name)
    if (stream === undefined) return name === pushName && this.openPush(exchange, session)
    this.#goOn(exchange, session, stream, Number(sequence))
    return true
  }

  #goOn(exchange: Exchange, session: Session, stream: ResumableStream, lastSequence: number): void {
    this.#note(exchange, session, stream)
    stream.resume(exchange, lastSequence)
  }

  #open(exchange: Exchange, session: Session, { name, onAbandoned }: { name: string; onAbandoned: () => void }): ResumableStream {
    const { byName } = this.#streamsOf(session)
    const stream = new ResumableStream(
      {
        clock: this.#options.clock,
        budget: this.#budget,
        name,
        headers: { 'mcp-session-id': session.id },
        isPrimed: (session.facts.protocolVersion ?? '') >= firstPrimedVersion,
        onAbandoned,
        onForgotten: () => byName.delete(name),
      },
      exchange,
    )
    byName.set(name, stream)
    this.#note(exchange, session, stream)
    return stream
  }

  /** A session with a listener does not expire, and its end is the listener's. Comments keep the connection open through proxies. */
  #note({ response }: Exchange, session: Session, stream: ResumableStream): void {
    const { clock, sessions } = this.#options
    const closed = sessions.openStream(session, () => stream.close())
    const scheduleKeepAlive = (): void => {
      timer = clock.at(clock.monotonicMs() + keepAliveMs, () => {
        stream.keepAlive()
        scheduleKeepAlive()
      })
    }
    let timer = { cancel: (): void => undefined }
    scheduleKeepAlive()
    response.once('close', () => {
      timer.cancel()
      closed()
    })
  }

  #streamsOf(session: Session): StreamsOfSession {
    const known = this.#bySession.get(session)
    if (known !== undefined) return known
    const streams = { byName: new Map<string, ResumableStream>(), named: 0 }
    this.#bySession.set(session, streams)
    return streams
  }
}
