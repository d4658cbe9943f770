import { randomUUID } from 'node:crypto'
import type { RunOutcome } from '@squall/controller'
import { CodedError, exitCodes, type ExitCode } from '@squall/errors'
import { fabricErrors } from '@squall/fabric'
import { shownTarget } from '@squall/load-plan'
import type { Summary } from '@squall/report'
import { squallErrors } from '../errors.ts'
import type { RunWatcher } from '../run/run-natively.ts'
import { toFailure, type RequestKey, type RunFile } from './run-file.ts'
import type { RunOrder } from './run-order.ts'
import type { AskedOfRun } from './run-changes.ts'
import type { RunStore } from './run-store.ts'
import { ServedRun } from './served-run.ts'

/** What a run is begun with, or taken over. */
export interface Launch {
  readonly id: string
  readonly order: RunOrder
  /** Whether it is under way already, at the agents. */
  readonly resume: boolean
  readonly reportDirectory: string
  readonly watcher: RunWatcher
  /** Told when load is about to begin, or goes on, with T0 in milliseconds since 1970. */
  readonly onBegun: (startAtWallMs: number) => void
  /** Told why nothing can be done yet, as often as that is found. */
  readonly onWaiting: (reason: string) => void
  readonly stopping: AbortSignal
}

export interface RegistryOptions {
  readonly store: RunStore
  readonly fabric: 'local' | 'bullmq'
  readonly launch: (launch: Launch) => Promise<RunOutcome>
  /** @returns the summary that a run has left, where it has. */
  readonly readSummary: (reportDirectory: string) => Summary | undefined
  /** How many runs make load at once. */
  readonly atOnce: number
  /** How many runs that are over are kept. */
  readonly keep: number
  readonly wallMs: () => number
  readonly say: (text: string) => void
}

/** Beyond it, whoever asks for runs had better be told. */
const mostQueued = 100

/** All runs of a server: those that wait, those under way, and those that are over. */
export class RunRegistry {
  readonly #options: RegistryOptions
  /** The oldest first. */
  readonly #runs = new Map<string, ServedRun>()
  readonly #queue: ServedRun[] = []
  /** Those under way, each until it is over. */
  readonly #active = new Map<ServedRun, Promise<void>>()
  #isClosing = false

  constructor(options: RegistryOptions) {
    this.#options = options
  }

  /** Goes on with everything that an earlier server left behind. */
  adopt(): void {
    const { store, say } = this.#options
    for (const file of store.readAll(say)) {
      const run = this.#keep(file)
      if (!run.isOver) this.#goOn(run)
      this.#tidy(run)
    }
    this.#next()
  }

  /**
   * Takes a run, which begins at once or waits for its turn; it is on disk when this returns.
   * @param request by what its caller knows it again; see `askedBefore`.
   * @throws CodedError SQUALL_SERVE_FULL, SQUALL_SERVE_DATA
   */
  submit(order: RunOrder, notes: readonly string[], request?: RequestKey): ServedRun {
    const { store, fabric, wallMs } = this.#options
    if (this.#queue.length >= mostQueued)
      throw CodedError.refusal(squallErrors.SQUALL_SERVE_FULL, { message: `${mostQueued} runs wait already` })
    const file: RunFile = {
      schema: 'squall/served-run@1',
      id: randomUUID(),
      pack: order.plan.name,
      target: shownTarget(order.plan.target),
      fabric,
      createdAt: new Date(wallMs()).toISOString(),
      ...(request && { request }),
      state: 'queued',
    }
    store.add(file, order)
    const run = this.#keep(file)
    run.note(`is asked for: ${file.pack} on ${file.target}`)
    for (const note of notes) run.note(note)
    this.#queue.push(run)
    this.#next()
    return run
  }

  /**
   * The run that was asked for with the same key, where it is kept still.
   * @throws CodedError SQUALL_SERVE_KEY_REUSED where something else was asked for with it.
   */
  askedBefore(request: RequestKey | undefined): ServedRun | undefined {
    if (request === undefined) return undefined
    const run = [...this.#runs.values()].find(({ file }) => file.request?.key === request.key)
    if (run === undefined || run.file.request?.sha256 === request.sha256) return run
    const message = `run ${run.id} was asked for with the key ${request.key}, by another body`
    throw CodedError.refusal(squallErrors.SQUALL_SERVE_KEY_REUSED, { message })
  }

  /** The newest first. */
  list(): readonly ServedRun[] {
    return [...this.#runs.values()].toReversed()
  }

  /** @throws CodedError SQUALL_SERVE_NOT_FOUND */
  get(id: string): ServedRun {
    const run = this.#runs.get(id)
    if (run !== undefined) return run
    throw CodedError.refusal(squallErrors.SQUALL_SERVE_NOT_FOUND, { message: 'there is no such run' })
  }

  /**
   * Ends a run that is under way, or takes one that waits out of the queue; one that is over stays as it is.
   * @throws CodedError SQUALL_SERVE_NOT_NOW
   */
  stop(run: ServedRun): void {
    const place = this.#queue.indexOf(run)
    if (place !== -1) {
      this.#queue.splice(place, 1)
      this.#cancel(run)
      this.#tidy(run)
    } else if (this.#active.has(run)) run.stop()
    else if (!run.isOver) throw notNow(elsewhere(run.file))
  }

  /** @throws CodedError SQUALL_SERVE_NOT_NOW */
  remove(run: ServedRun): void {
    if (!run.isOver) throw notNow(`the run is ${run.file.state}, not over`)
    this.#forget(run)
  }

  /** What is under way on agents goes on without this server; what this machine makes ends here, with its report. */
  async close(): Promise<void> {
    this.#isClosing = true
    const own = [...this.#active].filter(([{ file }]) => file.fabric === 'local')
    for (const [run] of own) run.stopping.abort(new Error('squall serve was stopped'))
    await Promise.all(own.map(([, over]) => over))
    for (const run of this.#active.keys()) run.note(leftWith(run.file))
  }

  #keep(file: RunFile): ServedRun {
    const { store, wallMs, say } = this.#options
    const host = {
      write: (changed: RunFile) => store.write(changed),
      writeAsked: (of: RunFile, asked: AskedOfRun | undefined) => store.writeAsked(of, asked),
      wallMs,
      say,
    }
    const run = new ServedRun(file, host, store.readAsked(file, say))
    this.#runs.set(file.id, run)
    return run
  }

  #next(): void {
    while (!this.#isClosing && this.#active.size < this.#options.atOnce) {
      const run = this.#queue.shift()
      if (run === undefined) return
      this.#begin(run, false)
    }
  }

  #goOn(run: ServedRun): void {
    const { file } = run
    // A load that this machine made is gone with who made it; one that was never begun is not.
    if (file.fabric === 'local' && file.state === 'running') this.#fail(run, new CodedError(squallErrors.SQUALL_SERVE_RUN_LOST))
    else if (file.fabric === 'local' && run.isStopAsked) this.#cancel(run)
    else if (file.fabric !== this.#options.fabric) run.note(`is left alone: ${elsewhere(file)}`)
    else if (file.fabric === 'bullmq' && file.state !== 'queued') this.#begin(run, true)
    else this.#queue.push(run)
  }

  #begin(run: ServedRun, resume: boolean): void {
    const over = this.#make(run, resume).finally(() => {
      this.#active.delete(run)
      this.#tidy(run)
      this.#next()
    })
    this.#active.set(run, over)
  }

  /** Sees a run to its end, whatever that is. */
  async #make(run: ServedRun, resume: boolean): Promise<void> {
    try {
      const outcome = await this.#launch(run, resume)
      for (const note of outcome.notes) run.note(note)
      if (outcome.writeError) run.note(outcome.writeError.message)
      this.#end(run, outcome.summary, outcome.exitCode)
    } catch (error) {
      this.#fail(run, error)
    }
  }

  async #launch(run: ServedRun, resume: boolean): Promise<RunOutcome> {
    const { store, launch } = this.#options
    const order = store.readOrder(run)
    if (!resume) run.stand({ state: 'preparing' })
    else run.note('waits to be taken over; who made it before may hold it for five seconds more')
    const hasBegun = run.file.state === 'running'
    try {
      return await launch({
        id: run.id,
        order,
        resume,
        reportDirectory: store.reportDirectory(run),
        watcher: run.watcher,
        onBegun: (startAtWallMs) => {
          run.stand({ state: 'running', startedAt: new Date(startAtWallMs).toISOString() })
          run.note(resume ? 'is taken over' : 'load begins')
        },
        onWaiting: (reason) => run.waitFor(reason),
        stopping: run.stopping.signal,
      })
    } catch (error) {
      // It was never announced to the agents.
      if (!resume || hasBegun || !isUnknown(error)) throw error
      if (run.isStopAsked) run.stop()
      run.stopping.signal.throwIfAborted()
      return this.#launch(run, false)
    }
  }

  #end(run: ServedRun, { verdict, reasons, run: { startedAt } }: Summary, exitCode: ExitCode): void {
    run.stand({ state: 'ended', startedAt, endedAt: run.now(), verdict, reasons: [...reasons], exitCode })
    run.note(`ends: ${[verdict, ...reasons].join('; ')}`)
  }

  #fail(run: ServedRun, error: unknown): void {
    const { stopping, id } = run
    // It was over, and only its end was not written down any more.
    const left = this.#options.readSummary(this.#options.store.reportDirectory(run))
    if (left?.run.id === id) return this.#end(run, left, exitCodeOf[left.verdict])
    if (stopping.signal.aborted && error === stopping.signal.reason) {
      // Begun again where this server is.
      if (this.#isClosing) return run.stand({ state: 'queued' })
      return this.#cancel(run)
    }
    const coded = error instanceof CodedError ? error : toDefect(error)
    run.stand({ state: 'failed', endedAt: run.now(), failure: toFailure(coded), exitCode: coded.exitCode })
    run.note(`fails: ${coded.message} [${coded.code}]`)
  }

  #cancel(run: ServedRun): void {
    run.stand({ state: 'cancelled', endedAt: run.now(), exitCode: exitCodes.stopped })
    run.note('is stopped before it made load')
  }

  #tidy(run: ServedRun): void {
    if (!run.isOver) return
    this.#options.store.forgetOrder(run)
    const over = [...this.#runs.values()].filter(({ isOver }) => isOver)
    for (const old of over.slice(0, Math.max(0, over.length - this.#options.keep))) this.#forget(old)
  }

  #forget(run: ServedRun): void {
    this.#runs.delete(run.id)
    this.#options.store.remove(run)
  }
}

const notNow = (message: string): CodedError => CodedError.refusal(squallErrors.SQUALL_SERVE_NOT_NOW, { message })

const elsewhere = ({ fabric }: RunFile): string =>
  fabric === 'local' ? 'it was asked for from a server without --fabric' : 'its agents are reached with --fabric alone'

const leftWith = ({ state }: RunFile): string =>
  state === 'running'
    ? 'goes on at its agents; squall serve started again within 180 s takes it over'
    : 'has not begun; squall serve started again sees to it'

const isUnknown = (error: unknown): boolean => error instanceof CodedError && error.code === fabricErrors.FABRIC_NO_SUCH_RUN.code

const exitCodeOf = {
  pass: exitCodes.ok,
  fail: exitCodes.thresholdBroken,
  inconclusive: exitCodes.inconclusive,
  stopped: exitCodes.stopped,
  degraded: exitCodes.loadLost,
} satisfies Record<Summary['verdict'], ExitCode>

/** What is nobody's mistake but ours. */
const toDefect = (error: unknown): CodedError =>
  new CodedError(squallErrors.SQUALL_SERVE_DEFECT, { message: String(error), cause: error })
