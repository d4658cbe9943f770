import { sleep, type Clock } from '@squall/time'
import type { Redis } from 'ioredis'
import { beforeAllEntries, type StreamReader } from '../stream-reader.ts'

export interface AllReadOptions {
  readonly redis: Pick<Redis, 'xrevrange'>
  readonly key: string
  readonly reader: Pick<StreamReader, 'position' | 'isClosed'>
  readonly clock: Clock
}

const lookMs = 50
/** Looks that find nothing new, together ten seconds. A process that was frozen has missed only one of them. */
const mostVainLooks = 200

/**
 * Resolves when a reader has taken all that is in its stream now; also when it is closed, or when for ten seconds Redis does not say how much that
 * is, or the reader comes no further. Never rejects.
 */
export async function allRead({ redis, key, reader, clock }: AllReadOptions): Promise<void> {
  if (reader.isClosed) return
  let goal: string | undefined
  const asked = newestId(redis, key).then((id) => void (goal = id))
  for (let vainLooks = 0; vainLooks < mostVainLooks && !reader.isClosed; vainLooks++) {
    const { position } = reader
    if (goal !== undefined && isAtOrAfter(position, goal)) return
    const pause = sleep(clock, lookMs)
    await (goal === undefined ? Promise.race([asked, pause]) : pause)
    if (goal !== undefined && reader.position !== position) vainLooks = 0
  }
}

/** Where Redis cannot be asked any more, nothing more will come either. */
async function newestId(redis: AllReadOptions['redis'], key: string): Promise<string> {
  const entries = await redis.xrevrange(key, '+', '-', 'COUNT', 1).catch(() => [])
  return entries[0]?.[0] ?? beforeAllEntries
}

/** An id is a time in milliseconds and a number within it. */
function isAtOrAfter(id: string, other: string): boolean {
  const [ms = 0, number = 0] = id.split('-').map(Number)
  const [otherMs = 0, otherNumber = 0] = other.split('-').map(Number)
  return ms > otherMs || (ms === otherMs && number >= otherNumber)
}
