import { write } from 'node:fs'
import { promisify } from 'node:util'
import { sleep, type Clock } from '@squall/time'
import type { AuditSink } from './audit-file.ts'

const writeTo = promisify(write)

const pauseMs = 20
/** A reader may be slow; one that reads nothing for this long is taken for gone. */
const patienceMs = 5000

/**
 * Standard output or error as a place for an audit trail. Written by a thread of Node's pool, and never by waiting in the main one: a
 * reader that is slow holds up the trail, and not the server.
 * @param descriptor 1 or 2, or any other that is open.
 */
export function openAuditStream(descriptor: number, clock: Clock): AuditSink {
  return {
    async write(bytes) {
      const giveUpAtMs = clock.monotonicMs() + patienceMs
      for (;;) {
        try {
          const { bytesWritten } = await writeTo(descriptor, bytes)
          return bytesWritten
        } catch (error) {
          if (!isFull(error) || clock.monotonicMs() >= giveUpAtMs) throw error
        }
        await sleep(clock, pauseMs)
      }
    },
    close: async () => undefined,
  }
}

/** A pipe that takes no more until somebody reads from it. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
}
