import { createWriteStream, readFileSync, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { FabricEvent } from '@squall/fabric'
import type { LoadPlan } from '@squall/load-plan'
import type { RunEventNote } from '@squall/report'

/** One line of a run's journal. */
export type JournalEntry =
  | {
      readonly type: 'run'
      readonly runId: string
      readonly startAtWallMs: number
      readonly shards: number
      /** Without its secrets. */
      readonly plan: LoadPlan
    }
  /** What was done to the run from outside. */
  | ({ readonly type: 'note' } & RunEventNote)
  | FabricEvent

/** Everything a run's numbers are made of, one JSON object a line, written while it runs. */
export interface Journal {
  append(entry: JournalEntry): void
  /** @returns what kept the journal from being whole, where something did. */
  close(): Promise<Error | undefined>
}

/** @param path of a file that is begun anew. */
export function openJournal(path: string): Journal {
  const stream = createWriteStream(path)
  const whole = finished(stream)
  // Reported by `close`; a run does not end because its journal cannot be written.
  whole.catch(() => undefined)
  return {
    append: (entry) => void stream.write(`${JSON.stringify(entry, encodeBytes)}\n`),
    close: () => closeStream(stream, whole),
  }
}

async function closeStream(stream: WriteStream, whole: Promise<void>): Promise<Error | undefined> {
  stream.end()
  return whole.then(
    () => undefined,
    (error: unknown) => error as Error,
  )
}

/** Reads a journal back. */
export function readJournal(path: string): JournalEntry[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  // Written by `append`, which takes nothing else.
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line, decodeBytes) as JournalEntry)
}

const marker = 'base64:'

const encodeBytes = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? marker + Buffer.from(value).toString('base64') : value

const decodeBytes = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith(marker)
    ? new Uint8Array(Buffer.from(value.slice(marker.length), 'base64'))
    : value
