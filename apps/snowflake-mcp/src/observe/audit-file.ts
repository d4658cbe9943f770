import { constants } from 'node:fs'
import { open, rename, stat, unlink, type FileHandle } from 'node:fs/promises'

/** Where an audit trail is written: takes bytes in order and says when they are out. */
export interface AuditSink {
  /** Writes some or all of the bytes. @returns how many. @throws Error where none could be written. */
  write(bytes: Buffer): Promise<number>
  close(): Promise<void>
}

export interface AuditFileOptions {
  readonly path: string
  /** A file that would grow beyond this is set aside first. */
  readonly maxFileBytes: number
  /** Files set aside, `path.1` the youngest; older ones are overwritten. */
  readonly maxFiles: number
}

/**
 * A file that only grows, by the hands of one process or several, readable by its owner alone, set aside when it is full. One that somebody else has moved away is begun anew.
 * @throws Error where it cannot be opened.
 */
export async function openAuditFile(options: AuditFileOptions): Promise<AuditSink> {
  const { path, maxFileBytes } = options
  let file = await openToAppend(path)
  const reopenIfMoved = async (): Promise<void> => {
    if ((await sizeOf(path, file)) !== undefined) return
    const next = await openToAppend(path)
    await file.handle.close()
    file = next
  }
  const mustBeSetAside = async (moreBytes: number): Promise<boolean> => {
    const sizeBytes = (await sizeOf(path, file)) ?? 0
    return sizeBytes > 0 && sizeBytes + moreBytes > maxFileBytes
  }
  return {
    async write(bytes) {
      await reopenIfMoved()
      if (await mustBeSetAside(bytes.length)) {
        await setAside(options, () => mustBeSetAside(bytes.length))
        await reopenIfMoved()
      }
      const { bytesWritten } = await file.handle.write(bytes)
      return bytesWritten
    },
    async close() {
      // What an audit trail says must survive the machine's next moment.
      await file.handle.sync()
      await file.handle.close()
    },
  }
}

interface OpenFile {
  readonly handle: FileHandle
  readonly inode: number
}

async function openToAppend(path: string): Promise<OpenFile> {
  const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600)
  const { ino } = await handle.stat()
  return { handle, inode: ino }
}

/** How large the file is, whoever else writes to it; undefined where another one, or none, is at its path. */
async function sizeOf(path: string, { inode }: OpenFile): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.ino === inode ? found.size : undefined
}

/** A lock older than this is of a process that died with it. */
const staleLockMs = 10_000

/**
 * One process at a time moves the files; others go on writing meanwhile, wherever their file is.
 * @param isStillDue asked again once nobody else can move them.
 */
async function setAside({ path, maxFiles }: AuditFileOptions, isStillDue: () => Promise<boolean>): Promise<void> {
  const lockPath = `${path}.lock`
  const lock = await open(lockPath, 'wx').catch(() => undefined)
  if (lock === undefined) return removeIfStale(lockPath)
  try {
    if (!(await isStillDue())) return
    for (let number = maxFiles - 1; number >= 1; number -= 1) await renameIfThere(`${path}.${number}`, `${path}.${number + 1}`)
    await rename(path, `${path}.1`)
  } finally {
    await lock.close()
    await unlink(lockPath)
  }
}

async function removeIfStale(lockPath: string): Promise<void> {
  const found = await stat(lockPath).catch(() => undefined)
  if (found !== undefined && Date.now() - found.mtimeMs > staleLockMs) await unlink(lockPath).catch(() => undefined)
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}
