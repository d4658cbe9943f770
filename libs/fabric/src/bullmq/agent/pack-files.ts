import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CodedError } from '@squall/errors'
import type { LoadPlan } from '@squall/load-plan'
import type { Announcement } from '@squall/load-protocol'
import type { Redis } from 'ioredis'
import { fabricErrors } from '../../errors.ts'
import type { RunKeys } from '../keys.ts'
import type { Seal } from '../seal.ts'

/** The pack's own program files, on this machine. */
export interface LaidOutFiles {
  /** Where the plan finds them here. */
  readonly inPlan: Pick<LoadPlan, 'processor'>
  remove(): Promise<void>
}

export interface FileSource {
  readonly redis: Redis
  readonly seal: Seal
  readonly keys: RunKeys
}

/**
 * Fetches the files of a run and writes them as they lay beside the pack, each checked by its hash. What they import from npm is looked for where
 * this program was started.
 * @throws CodedError FABRIC_BAD_MESSAGE where one is not what its hash says, FABRIC_AGENT_DISK
 */
export async function layOutFiles({ files, processor }: Announcement, source: FileSource): Promise<LaidOutFiles> {
  if (files.length === 0) return { inPlan: {}, remove: async () => undefined }
  const contents = await Promise.all(
    files.map(async ({ path, sha256 }) => ({ path, content: await fetchFile(sha256, path, source) })),
  )
  const folder = await onDisk(tmpdir(), () => mkdtemp(join(tmpdir(), 'squall-agent-')))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    await onDisk(folder, () => write(folder, contents))
  } catch (error) {
    await remove()
    throw error
  }
  return { inPlan: processor === undefined ? {} : { processor: join(folder, processor) }, remove }
}

async function write(folder: string, contents: readonly { readonly path: string; readonly content: Buffer }[]): Promise<void> {
  for (const { path, content } of contents) {
    const place = join(folder, path)
    await mkdir(dirname(place), { recursive: true })
    await writeFile(place, content)
  }
  const packages = nearestPackages(process.cwd())
  if (packages !== undefined && !existsSync(join(folder, 'node_modules')))
    await symlink(packages, join(folder, 'node_modules'), 'dir')
}

function nearestPackages(folder: string): string | undefined {
  const packages = join(folder, 'node_modules')
  if (existsSync(packages)) return packages
  return dirname(folder) === folder ? undefined : nearestPackages(dirname(folder))
}

async function onDisk<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const message = `cannot write the program files of the pack to ${place}: ${(cause as Error).message}`
    throw new CodedError(fabricErrors.FABRIC_AGENT_DISK, { message, cause })
  }
}

async function fetchFile(sha256: string, path: string, { redis, seal, keys }: FileSource): Promise<Buffer> {
  const bytes = await redis.hgetBuffer(keys.files, sha256)
  const content = bytes === null ? undefined : seal.open(bytes, keys.files)
  if (content instanceof Uint8Array && createHash('sha256').update(content).digest('hex') === sha256) return Buffer.from(content)
  throw new CodedError(fabricErrors.FABRIC_BAD_MESSAGE, {
    message: `the file ${path} of the pack ${bytes === null ? 'is missing' : 'is not the one the controller sent'}`,
  })
}
