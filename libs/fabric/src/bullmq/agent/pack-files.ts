import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
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
 * Fetches the files of a run and writes them as they lay beside the pack, each checked by its hash.
 * @throws CodedError FABRIC_BAD_MESSAGE where one is not what its hash says.
 */
export async function layOutFiles({ files, processor }: Announcement, source: FileSource): Promise<LaidOutFiles> {
  if (files.length === 0) return { inPlan: {}, remove: async () => undefined }
  const folder = await mkdtemp(join(tmpdir(), 'squall-agent-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    for (const { path, sha256 } of files) {
      const content = await fetchFile(sha256, path, source)
      const place = join(folder, path)
      await mkdir(dirname(place), { recursive: true })
      await writeFile(place, content)
    }
  } catch (error) {
    await remove()
    throw error
  }
  return { inPlan: processor === undefined ? {} : { processor: join(folder, processor) }, remove }
}

async function fetchFile(sha256: string, path: string, { redis, seal, keys }: FileSource): Promise<Buffer> {
  const bytes = await redis.hgetBuffer(keys.files, sha256)
  const content = bytes === null ? undefined : seal.open(bytes, keys.files)
  if (content instanceof Uint8Array && createHash('sha256').update(content).digest('hex') === sha256) return Buffer.from(content)
  throw new CodedError(fabricErrors.FABRIC_BAD_MESSAGE, {
    message: `the file ${path} of the pack ${bytes === null ? 'is missing' : 'is not the one the controller sent'}`,
  })
}
