import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { CodedError } from '@squall/errors'
import {
  renderMerged,
  type Backend,
  type CarriedRequest,
  type HttpListener,
  type ServerCore,
  type Siblings,
  type TakeElsewhere,
} from '@squall/mcp-server'
import type { Clock } from '@squall/time'
import type { Access } from '../embedded-snowflake.ts'
import { snowflakeMcpErrors } from '../errors.ts'
import type { EmbeddedNow, ToSupervisor, ToWorker, WorkerReport, WorkerRole } from './messages.ts'
import { Questions } from './questions.ts'

type Gathered = Extract<ToWorker, { type: 'gathered' }>

const gatherTimeoutMs = 5000
const yieldTimeoutMs = 1000

/** One worker's tie to its supervisor and, through it, to the other workers. */
export class Membership {
  readonly role: WorkerRole
  readonly #questions: Questions<Gathered>
  readonly #yields: Questions<true>
  #alive: ReadonlySet<number> = new Set()
  #embedded = Promise.withResolvers<void>()
  #embeddedNow: EmbeddedNow | undefined
  #life = new AbortController()
  #served: { readonly core: ServerCore; readonly listener: HttpListener } | undefined

  constructor(role: WorkerRole, clock: Clock) {
    this.role = role
    this.#questions = new Questions(clock, gatherTimeoutMs)
    this.#yields = new Questions(clock, yieldTimeoutMs)
    // Only the supervisor, a program of the same version, can send to this process.
    process.on('message', (message, connection) => void this.#heed(message as ToWorker, connection as Socket | undefined))
  }

  /** A session says by its id which worker holds it. */
  readonly newSessionId = (): string => `p${this.role.number}-${randomUUID()}`

  /** Hands requests for sessions of other workers over, with their connections: from then on these are the other's. */
  readonly takeElsewhere: TakeElsewhere = (sessionId, carry) => {
    const number = Number(/^p(\d{1,9})-/.exec(sessionId)?.[1])
    if (number === this.role.number || !this.#alive.has(number)) return false
    const { socket, bytes } = carry()
    tell({ type: 'hand-over', to: number, bytes }, socket)
    return true
  }

  readonly siblings: Siblings = {
    renderMetrics: async () => {
      const { reports, past } = await this.#gather()
      return renderMerged([past, ...reports.map(({ metrics }) => metrics)])
    },
    describe: async () => (await this.#gather()).reports.map(({ process }) => process),
  }

  /** The embedded Snowflake that the supervisor runs for all workers. */
  async embedded(): Promise<{ readonly backend: Backend; readonly access: () => Access }> {
    await this.#embedded.promise
    const now = (): EmbeddedNow => this.#embeddedNow ?? { state: 'restarting', detail: 'not known yet' }
    const backend: Backend = {
      kind: 'embedded',
      account: 'LOCAL',
      state: () => now().state,
      detail: () => now().detail,
    }
    const access = (): Access => {
      const current = now()
      if (current.state !== 'up') throw new CodedError(snowflakeMcpErrors.SNOWFLAKE_MCP_EMBEDDED_DOWN)
      return { options: current.options, life: this.#life.signal }
    }
    return { backend, access }
  }

  /** Tells the supervisor that this worker serves. */
  ready(core: ServerCore, listener: HttpListener): void {
    this.#served = { core, listener }
    process.send?.({ type: 'ready', url: listener.url })
  }

  /**
   * Waits until no new connection can be on its way to this worker, which has stopped listening: messages keep their order, and one that
   * came to a worker that is gone would be lost.
   */
  async yielding(): Promise<void> {
    await this.#yields.ask((request) => tell({ type: 'yielding', request }))
  }

  /** Leaves what was counted with the supervisor. */
  async farewell(): Promise<void> {
    if (this.#served === undefined || !process.connected) return
    const message: ToSupervisor = { type: 'farewell', metrics: await this.#served.core.metrics.snapshot() }
    // What is on its way when a process exits is lost.
    await new Promise<void>((resolve) => process.send?.(message, undefined, undefined, () => resolve()))
  }

  async #heed(message: ToWorker, connection: Socket | undefined): Promise<void> {
    if (message.type === 'alive') this.#alive = new Set(message.numbers)
    else if (message.type === 'embedded') this.#embeddedChanged(message.embedded)
    else if (message.type === 'adopt') this.#adopt(message.bytes, connection)
    else if (message.type === 'yielded') this.#yields.answer(message.request, true)
    else if (message.type === 'gathered') this.#questions.answer(message.request, message)
    else if (message.type === 'report-wanted' && this.#served !== undefined)
      tell({ type: 'report', request: message.request, report: await this.#report(this.#served.core) })
  }

  #adopt(bytes: Uint8Array, socket: Socket | undefined): void {
    const carried: CarriedRequest | undefined = socket && { socket, bytes: Buffer.from(bytes) }
    // Its client went away while it was on its way, or this worker is about to end.
    if (carried !== undefined && this.#served !== undefined) this.#served.listener.adopt(carried)
    else socket?.destroy()
  }

  #embeddedChanged(embedded: EmbeddedNow): void {
    this.#embeddedNow = embedded
    this.#life.abort(new Error('the embedded Snowflake ended'))
    this.#life = new AbortController()
    if (embedded.state === 'up') this.#embedded.resolve()
  }

  async #gather(): Promise<Pick<Gathered, 'reports' | 'past'>> {
    const gathered = await this.#questions.ask((request) => tell({ type: 'gather', request }))
    return gathered ?? { reports: [], past: [] }
  }

  async #report(core: ServerCore): Promise<WorkerReport> {
    return {
      metrics: await core.metrics.snapshot(),
      process: {
        number: this.role.number,
        pid: process.pid,
        uptimeSeconds: Math.round(process.uptime()),
        sessions: core.sessions.stats().open,
        callsInFlight: core.inFlight(),
        callsQueued: core.queued(),
        snowflakeSessions: core.pool().size,
      },
    }
  }
}

/** Without somebody told of it, what cannot be sent would end the process: a supervisor that is gone ends this worker in its own way. */
function tell(message: ToSupervisor, connection?: Socket): void {
  if (process.connected) process.send?.(message, connection, undefined, () => undefined)
  else connection?.destroy()
}
