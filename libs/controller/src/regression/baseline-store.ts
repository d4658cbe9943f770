import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '@squall/errors'
import { controllerErrors } from '../errors.ts'
import { parseBaselineEntry, type BaselineEntry } from './baseline-entry.ts'

const suffix = '.jsonl'

/** Saved runs by name, one file of JSON lines each, in a directory that may be kept with the code. */
export class BaselineStore {
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  /** Names of what is saved, in order. */
  async list(): Promise<string[]> {
    const files = await readdir(this.directory).catch(orNothing<string[]>([]))
    return files.flatMap((file) => (file.endsWith(suffix) ? [file.slice(0, -suffix.length)] : [])).toSorted()
  }

  /**
   * The runs of a baseline, oldest first; none where it does not exist.
   * @throws CodedError CONTROLLER_BASELINE_UNREADABLE with the line that is no saved run, or why there is nothing to be read.
   */
  async read(name: string): Promise<BaselineEntry[]> {
    const path = this.#pathOf(name)
    const text = await this.#textOf(name)
    const lines = text.split('\n').map((line, index) => ({ line, number: index + 1 }))
    return lines.flatMap(({ line, number }) => {
      if (line.trim() === '') return []
      const entry = parseBaselineEntry(line)
      if (entry !== undefined) return [entry]
      throw new CodedError(controllerErrors.CONTROLLER_BASELINE_UNREADABLE, {
        message: `${path} line ${number} is no saved run.`,
      })
    })
  }

  /**
   * Adds runs, but for those that are saved already.
   * @returns those that were added.
   * @throws CodedError CONTROLLER_BASELINE_UNREADABLE, CONTROLLER_BASELINE_NOT_WRITABLE
   */
  async add(name: string, entries: readonly BaselineEntry[]): Promise<BaselineEntry[]> {
    const known = new Set((await this.read(name)).map(({ runId }) => runId))
    const added = [...new Map(entries.map((entry) => [entry.runId, entry])).values()].filter(({ runId }) => !known.has(runId))
    try {
      await mkdir(this.directory, { recursive: true })
      const text = await this.#textOf(name)
      const start = text === '' || text.endsWith('\n') ? '' : '\n'
      await appendFile(this.#pathOf(name), start + added.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
    } catch (error) {
      const message = `${this.#pathOf(name)} cannot be written: ${(error as Error).message}`
      throw new CodedError(controllerErrors.CONTROLLER_BASELINE_NOT_WRITABLE, { message, cause: error })
    }
    return added
  }

  async #textOf(name: string): Promise<string> {
    const path = this.#pathOf(name)
    try {
      return await readFile(path, 'utf8').catch(orNothing(''))
    } catch (error) {
      const message = `${path} cannot be read: ${(error as Error).message}`
      throw new CodedError(controllerErrors.CONTROLLER_BASELINE_UNREADABLE, { message, cause: error })
    }
  }

  #pathOf(name: string): string {
    return join(this.directory, `${name}${suffix}`)
  }
}

/** What is not there holds nothing; anything else is an error. */
const orNothing =
  <T>(nothing: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return nothing
    throw error
  }
