import type { Redis } from 'ioredis'
import { anotherConnection } from './open-redis.ts'

/** Fields of an entry by name, as bytes. */
export type StreamEntry = ReadonlyMap<string, Buffer>

export interface StreamReader {
  /** The id of the entry that was taken last. */
  readonly position: string
  readonly isClosed: boolean
  /** Ends the reading; nothing is told any more. */
  close(): void
}

/** What comes before the first entry of any stream. */
export const beforeAllEntries = '0-0'
const blockMs = 1_000
const entriesAtOnce = 500

/**
 * Follows a stream of Redis from its beginning, on a connection of its own, for as long as it is not closed; what was away comes later.
 * @param onFailure told where the stream cannot be read although Redis answers.
 */
export function followStream(
  redis: Redis,
  key: string,
  take: (entry: StreamEntry) => void,
  onFailure: (error: Error) => void,
): StreamReader {
  const connection = anotherConnection(redis)
  const closing = new AbortController()
  let last: Buffer = Buffer.from(beforeAllEntries)
  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const entries = await readAfter(connection, key, last)
      for (const [id, fields] of entries) {
        if (closing.signal.aborted) return
        last = id
        take(toEntry(fields))
      }
    }
  }
  // Closing the connection breaks off the command that waits.
  follow().catch((error: unknown) => {
    if (!closing.signal.aborted) onFailure(error as Error)
  })
  return {
    get position() {
      return last.toString()
    },
    get isClosed() {
      return closing.signal.aborted
    },
    close: () => {
      closing.abort(new Error('enough was read'))
      connection.disconnect()
    },
  }
}

async function readAfter(connection: Redis, key: string, last: Buffer): Promise<[Buffer, Buffer[]][]> {
  const streams = await connection.xreadBuffer('COUNT', entriesAtOnce, 'BLOCK', blockMs, 'STREAMS', key, last)
  return streams?.[0]?.[1] ?? []
}

function toEntry(fields: readonly Buffer[]): StreamEntry {
  const entry = new Map<string, Buffer>()
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [name, value] = fields.slice(index, index + 2)
    if (name !== undefined && value !== undefined) entry.set(name.toString(), value)
  }
  return entry
}
