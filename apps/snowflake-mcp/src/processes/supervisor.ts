import type { Socket } from 'node:net'
import type { MetricsSnapshot } from '@squall/mcp-server'
import { sleep, type Clock } from '@squall/time'
import type { Logger } from 'pino'
import type { EmbeddedNow, ToSupervisor, ToWorker, WorkerReport } from './messages.ts'
import { PastCounts } from './past-counts.ts'
import { Questions } from './questions.ts'
import { startWorker, type WorkerEnd, type WorkerProcess } from './worker-process.ts'

export interface SupervisorOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly processes: number
  readonly port: number
  /** How long a worker may take to end once it is asked to. */
  readonly graceMs: number
  /** Absent where an account serves. */
  readonly embedded: () => EmbeddedNow | undefined
}

const firstRestartDelayMs = 100
const longestRestartDelayMs = 10_000
/** A worker that ran for longer did not fail at once: the next is started without further delay. */
const soundAfterMs = 30_000
const reportTimeoutMs = 2000

/**
 * Keeps a number of workers running: one that dies is started again, ever later where it dies at once; its sessions are lost, and
 * nobody else's. Between workers it carries connections and reports.
 */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #stopping = new AbortController()
  /** Those that are ready and have not ended, by number. */
  readonly #running = new Map<number, WorkerProcess>()
  /** Those of them that were not asked to stop. */
  readonly #serving = new Map<number, WorkerProcess>()
  readonly #slots: Promise<void>[] = []
  /** By slot; whoever replaces a worker takes the place. */
  readonly #current = new Map<number, WorkerProcess>()
  readonly #questions: Questions<WorkerReport>
  readonly #lastSeen = new Map<number, MetricsSnapshot>()
  readonly #past = new PastCounts()
  #numbered = 0

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#questions = new Questions(options.clock, reportTimeoutMs)
  }

  /** Starts all workers. @returns the URL they listen at, or how the first of them ended that could not start. */
  async start(): Promise<string | WorkerEnd> {
    const slots = Array.from({ length: this.#options.processes }, (_, slot) => slot)
    // What is wrong with the settings or the account is told by the first alone.
    const first = await (await this.#launch(0)).ready
    if (typeof first !== 'string') return first
    const outcomes = await Promise.all(slots.slice(1).map(async (slot) => (await this.#launch(slot)).ready))
    const failed = outcomes.find((outcome) => typeof outcome !== 'string')
    if (failed !== undefined) return failed
    for (const slot of slots) this.#slots.push(this.#keep(slot))
    return first
  }

  /** Replaces one worker after the other; each new one serves before the old one stops. */
  async restartAll(): Promise<void> {
    for (const [slot, old] of this.#current) {
      const next = await this.#launch(slot)
      // The old one goes on where the new one cannot start.
      if (typeof (await next.ready) === 'string') await this.#retire(old)
      else this.#current.set(slot, old)
      if (this.#stopping.signal.aborted) return
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'))
    await Promise.all([...this.#current.values()].map((worker) => worker.stop(this.#options.graceMs)))
    await Promise.all(this.#slots)
  }

  /** Tells every worker how to reach the embedded Snowflake now. */
  embeddedChanged(): void {
    const embedded = this.#options.embedded()
    if (embedded !== undefined) for (const worker of this.#current.values()) worker.send({ type: 'embedded', embedded })
  }

  async #launch(slot: number): Promise<WorkerProcess> {
    const role = { number: ++this.#numbered, slot, port: this.#options.port }
    const worker = startWorker(role, (from, message, connection) => void this.#heed(from, message, connection))
    this.#current.set(slot, worker)
    void worker.exited.then(() => this.#ended(worker))
    const embedded = this.#options.embedded()
    if (embedded !== undefined) worker.send({ type: 'embedded', embedded })
    if (typeof (await worker.ready) === 'string') {
      this.#running.set(role.number, worker)
      this.#serving.set(role.number, worker)
      this.#tellAlive()
    }
    return worker
  }

  /** Waits for the end of whoever serves in a place, and starts another. */
  async #keep(slot: number): Promise<void> {
    const { clock, logger } = this.#options
    let delayMs = firstRestartDelayMs
    for (let worker = this.#current.get(slot); worker !== undefined; worker = this.#current.get(slot)) {
      const startedMs = clock.monotonicMs()
      const { code, signal } = await worker.exited
      if (this.#stopping.signal.aborted) return
      // A rolling restart has put another in its place already.
      if (this.#current.get(slot) !== worker) continue
      logger.error(`worker ${worker.role.number} (process ${worker.pid}) ended by itself (${signal ?? `exit code ${code}`})`)
      delayMs = clock.monotonicMs() - startedMs > soundAfterMs ? firstRestartDelayMs : delayMs
      try {
        await sleep(clock, delayMs, this.#stopping.signal)
      } catch {
        return
      }
      delayMs = Math.min(2 * delayMs, longestRestartDelayMs)
      await this.#launch(slot)
    }
  }

  async #retire(worker: WorkerProcess): Promise<void> {
    // New sessions and connections go to the others from here on.
    this.#serving.delete(worker.role.number)
    await worker.stop(this.#options.graceMs)
  }

  async #ended({ role: { number } }: WorkerProcess): Promise<void> {
    this.#running.delete(number)
    this.#serving.delete(number)
    this.#tellAlive()
    const last = this.#lastSeen.get(number)
    this.#lastSeen.delete(number)
    if (last !== undefined && !this.#past.has(number)) await this.#past.ended(number, last)
  }

  #tellAlive(): void {
    const message: ToWorker = { type: 'alive', numbers: [...this.#serving.keys()] }
    for (const worker of this.#serving.values()) worker.send(message)
  }

  async #heed(from: WorkerProcess, message: ToSupervisor, connection: Socket | undefined): Promise<void> {
    if (message.type === 'hand-over') this.#handOver(message, connection)
    else if (message.type === 'report') this.#questions.answer(message.request, message.report)
    else if (message.type === 'farewell') await this.#past.ended(from.role.number, message.metrics)
    else if (message.type === 'yielding') from.send({ type: 'yielded', request: message.request })
    else if (message.type === 'gather') from.send({ type: 'gathered', request: message.request, ...(await this.#gather()) })
  }

  /** A connection for a worker that is gone goes to any other, which knows that the session is lost and says so. */
  #handOver({ to, bytes }: Extract<ToSupervisor, { type: 'hand-over' }>, connection: Socket | undefined): void {
    // Its client went away while it was on its way.
    if (connection === undefined) return
    // An error of a connection that nobody listens to would end the program.
    connection.on('error', () => connection.destroy())
    stopReading(connection)
    const [anyone] = this.#serving.values()
    const taker = this.#serving.get(to) ?? anyone
    if (taker === undefined) connection.destroy()
    else taker.sendConnection({ type: 'adopt', bytes }, connection)
  }

  async #gather(): Promise<{ reports: WorkerReport[]; past: MetricsSnapshot }> {
    const asked = [...this.#running.values()].map(async (worker) => {
      const report = await this.#questions.ask((request) => worker.send({ type: 'report-wanted', request }))
      if (report !== undefined && this.#running.has(worker.role.number)) this.#lastSeen.set(worker.role.number, report.metrics)
      return report
    })
    const reports = (await Promise.all(asked)).filter((report) => report !== undefined)
    const past = await this.#past.total(new Set(reports.map(({ process }) => process.number)))
    return { reports, past }
  }
}

/** Node begins to read a connection that came from another process; what it read here would be lost to whoever takes it next. */
function stopReading(connection: Socket & { readonly _handle?: { readStop(): void } | null }): void {
  connection._handle?.readStop()
}
