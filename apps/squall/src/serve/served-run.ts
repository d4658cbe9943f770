import type { RunControls } from '@squall/controller'
import type { LiveState } from '@squall/report'
import type { RunWatcher } from '../run/run-natively.ts'
import { applyChanges, changesLeft, nothingAsked, type AskedOfRun, type RunChanges } from './run-changes.ts'
import { factsOf, isOver, type RunFile, type RunStanding } from './run-file.ts'

/** One thing that was said of a run, for people. */
export interface RunNote {
  readonly at: string
  readonly text: string
}

/** What callers see of a run. */
export type RunView = Omit<RunFile, 'schema' | 'request'> & {
  /** While load is made, or about to be. */
  readonly live?: LiveState
  readonly isPaused?: boolean
  /** What keeps it from going on. */
  readonly waitsFor?: string
  readonly notes: readonly RunNote[]
}

export interface ServedRunHost {
  readonly write: (run: RunFile) => void
  /** Of what was asked of it, until that is known elsewhere. */
  readonly writeAsked: (run: RunFile, asked: AskedOfRun | undefined) => void
  /** Milliseconds since 1970. */
  readonly wallMs: () => number
  readonly say: (text: string) => void
}

const mostNotes = 200

/** A run that a server was asked for, from its order to what is left of it. */
export class ServedRun {
  readonly stopping = new AbortController()
  readonly #host: ServedRunHost
  readonly #notes: RunNote[] = []
  readonly #over = Promise.withResolvers<void>()
  #file: RunFile
  #live: LiveState | undefined
  #controls: RunControls | undefined
  #asked: AskedOfRun
  #waitsFor: string | undefined

  /** @param asked what was asked of it, as an earlier server left it. */
  constructor(file: RunFile, host: ServedRunHost, asked: AskedOfRun = nothingAsked) {
    this.#file = file
    this.#host = host
    this.#asked = asked
    if (isOver(file)) this.#over.resolve()
  }

  get file(): RunFile {
    return this.#file
  }

  get id(): string {
    return this.#file.id
  }

  get isOver(): boolean {
    return isOver(this.#file)
  }

  /** Resolves when it is. */
  get over(): Promise<void> {
    return this.#over.promise
  }

  /** What steers it, while load is made. */
  get controls(): RunControls | undefined {
    return this.isOver ? undefined : this.#controls
  }

  now(): string {
    return new Date(this.#host.wallMs()).toISOString()
  }

  /**
   * On disk when it returns.
   * @throws CodedError SQUALL_SERVE_DATA, of a run that is not over: it must not go on unwritten.
   */
  stand(standing: RunStanding): void {
    this.#file = { ...factsOf(this.#file), ...standing }
    this.#waitsFor = undefined
    try {
      this.#host.write(this.#file)
    } catch (error) {
      if (!this.isOver) throw error
      this.note((error as Error).message)
    }
    if (!this.isOver) return
    this.#live = undefined
    this.#controls = undefined
    this.#over.resolve()
  }

  note(text: string): void {
    if (this.#notes.length === mostNotes) this.#notes.shift()
    this.#notes.push({ at: this.now(), text })
    this.#host.say(`run ${this.id}: ${text}`)
  }

  /** @param reason what it cannot go on without, told once. */
  waitFor(reason: string): void {
    if (reason !== this.#waitsFor) this.note(`waits: ${reason}`)
    this.#waitsFor = reason
  }

  get isStopAsked(): boolean {
    return this.#asked.stop
  }

  /**
   * Changes the load, also where this server dies before anybody else knows of it.
   * @throws CodedError SQUALL_SERVE_DATA; nothing is changed then.
   */
  steer(changes: RunChanges, controls: RunControls): void {
    const asked = { ...this.#asked, changes: { ...this.#asked.changes, ...changes } }
    this.#host.writeAsked(this.#file, asked)
    this.#asked = asked
    applyChanges(changes, controls)
    void this.#forgetOnceTold(controls)
  }

  /** Lets calls under way finish; asked again, it waits for them no longer. */
  stop(): void {
    const isFirst = !this.isStopAsked
    this.#asked = { ...this.#asked, stop: true }
    try {
      this.#host.writeAsked(this.#file, this.#asked)
    } catch (error) {
      // A full disk is no reason to go on.
      this.note((error as Error).message)
    }
    if (this.#controls !== undefined && isFirst) this.#controls.stop()
    // It makes load at agents who cannot be told anything yet.
    else if (this.#controls === undefined && this.#file.state === 'running')
      this.note('is to be stopped as soon as it is taken over')
    else this.stopping.abort(new Error('stopped by a caller'))
  }

  /** How the run's own machinery tells of it. */
  get watcher(): RunWatcher {
    // Whoever has something to tell of the run does not wait any more.
    const note = (text: string): void => {
      this.#waitsFor = undefined
      this.note(text)
    }
    return {
      say: note,
      steerBy: (controls) => {
        this.#controls = controls
        this.#makeUpFor(controls)
      },
      view: { update: (state) => void (this.#live = state), message: note },
    }
  }

  /** What a server was asked that died, or that could not reach the agents, is done now. */
  #makeUpFor(controls: RunControls): void {
    if (this.#asked === nothingAsked) return
    if (this.#asked.stop) controls.stop()
    else applyChanges(changesLeft(this.#asked.changes, controls), controls)
    void this.#forgetOnceTold(controls)
  }

  /** Whoever takes the run over finds it with the agents' orders then. */
  async #forgetOnceTold(controls: RunControls): Promise<void> {
    const asked = this.#asked
    await controls.told()
    if (this.#asked !== asked || this.isOver) return
    this.#asked = { ...nothingAsked, stop: asked.stop }
    try {
      this.#host.writeAsked(this.#file, undefined)
    } catch (error) {
      // Nobody waits for this; the next server asks the agents for it once more.
      this.note((error as Error).message)
    }
  }

  view(): RunView {
    const { schema: _, request: __, ...shown } = this.#file
    const isPaused = this.controls?.isPaused
    return {
      ...shown,
      ...(this.#live && !this.isOver && { live: this.#live }),
      ...(isPaused !== undefined && { isPaused }),
      ...(this.#waitsFor !== undefined && { waitsFor: this.#waitsFor }),
      notes: this.#notes,
    }
  }
}
