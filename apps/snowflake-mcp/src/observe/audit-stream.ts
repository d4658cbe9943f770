import { write } from 'node:fs'
import { promisify } from 'node:util'
import type { AuditSink } from './audit-file.ts'

const writeTo = promisify(write)

/**
 * Standard output or error as a place for an audit trail. Written by a thread of Node's pool: where nobody reads the other end of a
 * pipe, that thread waits, and not the server.
 * @param descriptor 1 or 2.
 */
export function openAuditStream(descriptor: 1 | 2): AuditSink {
  return {
    async write(bytes) {
      const { bytesWritten } = await writeTo(descriptor, bytes)
      return bytesWritten
    },
    close: async () => undefined,
  }
}
