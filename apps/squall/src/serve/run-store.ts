import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { CodedError } from '@squall/errors'
import { makeDirectory } from '@squall/report'
import { squallErrors } from '../errors.ts'
import { lockDirectory, type DirectoryLock } from './directory-lock.ts'
import { parseAsked, type AskedOfRun } from './run-changes.ts'
import { parseRunFile, type RunFile } from './run-file.ts'
import { parseOrder, type RunOrder } from './run-order.ts'

/** Where runs are kept: a folder each, with `run.json`, the order while it is needed, and `report`. What is written is on disk when the call returns. */
export class RunStore {
  readonly #directory: string
  readonly #lock: DirectoryLock

  private constructor(directory: string, lock: DirectoryLock) {
    this.#directory = directory
    this.#lock = lock
  }

  /** @throws CodedError SQUALL_SERVE_DATA where the directory cannot be written, or another server uses it. */
  static async open(path: string): Promise<RunStore> {
    const directory = resolve(path)
    const made = await makeDirectory(directory).catch((error: unknown) => refuse(directory, error))
    const lock = inWords(directory, () => {
      // What others asked for is nobody else's business; a directory that was there is its owner's.
      if (made !== undefined) chmodSync(directory, 0o700)
      return lockDirectory(directory)
    })
    if ('release' in lock) return new RunStore(directory, lock)
    const which = lock.heldBy === undefined ? '' : `, process ${lock.heldBy},`
    const message = `another squall serve${which} keeps its runs in ${directory}`
    throw new CodedError(squallErrors.SQUALL_SERVE_DATA, { message })
  }

  close(): void {
    this.#lock.release()
  }

  /**
   * All runs, the oldest first. Orders that nobody was told of, because their server died before it answered, go.
   * @param onUnreadable told of each folder of a run that cannot be read; it is left alone.
   */
  readAll(onUnreadable: (text: string) => void): RunFile[] {
    const folders = readdirSync(this.#directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const runs = folders.flatMap(({ name }) => {
      const path = join(this.#directory, name, 'run.json')
      if (!existsSync(path)) {
        removeUntold(join(this.#directory, name))
        return []
      }
      try {
        return [parseRunFile(readFileSync(path, 'utf8'))]
      } catch (error) {
        onUnreadable(`${path} is left alone, it cannot be read: ${(error as Error).message}`)
        return []
      }
    })
    return runs.toSorted((one, other) => one.createdAt.localeCompare(other.createdAt))
  }

  /** @throws CodedError SQUALL_SERVE_DATA; nothing of the run is left then. */
  add(run: RunFile, order: RunOrder): void {
    try {
      inWords(this.#directory, () => {
        mkdirSync(this.#folder(run), { mode: 0o700 })
        writeWhole(this.#orderPath(run), JSON.stringify(order))
      })
      this.write(run)
    } catch (error) {
      this.remove(run)
      throw error
    }
  }

  /** @throws CodedError SQUALL_SERVE_DATA */
  write(run: RunFile): void {
    inWords(this.#directory, () => writeWhole(join(this.#folder(run), 'run.json'), `${JSON.stringify(run, undefined, 2)}\n`))
  }

  /**
   * Keeps what was asked of a run, or forgets it.
   * @throws CodedError SQUALL_SERVE_DATA where it cannot be kept, or not be forgotten.
   */
  writeAsked(run: Pick<RunFile, 'id'>, asked: AskedOfRun | undefined): void {
    const path = this.#askedPath(run)
    inWords(this.#directory, () =>
      asked === undefined ? rmSync(path, { force: true }) : writeWhole(path, JSON.stringify(asked)),
    )
  }

  /** @param onUnreadable told where it is not what was written. */
  readAsked(run: Pick<RunFile, 'id'>, onUnreadable: (text: string) => void): AskedOfRun | undefined {
    const path = this.#askedPath(run)
    if (!existsSync(path)) return undefined
    try {
      return parseAsked(readFileSync(path, 'utf8'))
    } catch (error) {
      onUnreadable(`${path} cannot be read, and nothing of it is done: ${(error as Error).message}`)
      return undefined
    }
  }

  /** @throws CodedError SQUALL_SERVE_DATA where it is gone, or not what was written. */
  readOrder(run: Pick<RunFile, 'id'>): RunOrder {
    return inWords(this.#directory, () => parseOrder(readFileSync(this.#orderPath(run), 'utf8')))
  }

  /** It may hold what nobody needs to know once the run is over, such as tokens. */
  forgetOrder(run: Pick<RunFile, 'id'>): void {
    rmSync(this.#orderPath(run), { force: true })
    this.writeAsked(run, undefined)
  }

  reportDirectory({ id }: Pick<RunFile, 'id'>): string {
    return join(this.#directory, id, 'report')
  }

  remove(run: Pick<RunFile, 'id'>): void {
    rmSync(this.#folder(run), { recursive: true, force: true })
  }

  #folder({ id }: Pick<RunFile, 'id'>): string {
    return join(this.#directory, id)
  }

  #askedPath(run: Pick<RunFile, 'id'>): string {
    return join(this.#folder(run), 'asked.json')
  }

  #orderPath(run: Pick<RunFile, 'id'>): string {
    return join(this.#folder(run), 'order.json')
  }
}

/** What lies in a folder before its `run.json`. */
const orderFiles: ReadonlySet<string> = new Set(['order.json', 'order.json.tmp', 'run.json.tmp'])

function removeUntold(folder: string): void {
  const names = readdirSync(folder)
  if (names.length > 0 && names.every((name) => orderFiles.has(name))) rmSync(folder, { recursive: true })
}

/** So that neither a crash in the midst of it nor one of the machine after it leaves half a file. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.tmp`
  const file = openSync(draft, 'w', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
}

function inWords<T>(directory: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    return refuse(directory, error)
  }
}

function refuse(directory: string, cause: unknown): never {
  const message = `${directory} cannot be used: ${(cause as Error).message}`
  throw new CodedError(squallErrors.SQUALL_SERVE_DATA, { message, cause })
}
