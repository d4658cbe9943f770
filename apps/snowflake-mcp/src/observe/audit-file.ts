import { constants } from 'node:fs'
import { open, rename, stat, type FileHandle } from 'node:fs/promises'

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
 * A file that only grows, readable by its owner alone, set aside when it is full. One that somebody else has moved away is begun anew.
 * @throws Error where it cannot be opened.
 */
export async function openAuditFile(options: AuditFileOptions): Promise<AuditSink> {
  const { path, maxFileBytes } = options
  let file = await openToAppend(path)
  const reopen = async (): Promise<void> => {
    const next = await openToAppend(path)
    await file.handle.close()
    file = next
  }
  return {
    async write(bytes) {
      if (!(await isStillAt(path, file.inode))) await reopen()
      if (file.sizeBytes > 0 && file.sizeBytes + bytes.length > maxFileBytes) {
        await setAside(options)
        await reopen()
      }
      const { bytesWritten } = await file.handle.write(bytes)
      file.sizeBytes += bytesWritten
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
  sizeBytes: number
}

async function openToAppend(path: string): Promise<OpenFile> {
  const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600)
  const { ino, size } = await handle.stat()
  return { handle, inode: ino, sizeBytes: size }
}

async function isStillAt(path: string, inode: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.ino === inode
}

async function setAside({ path, maxFiles }: AuditFileOptions): Promise<void> {
  for (let number = maxFiles - 1; number >= 1; number -= 1) await renameIfThere(`${path}.${number}`, `${path}.${number + 1}`)
  await rename(path, `${path}.1`)
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}
