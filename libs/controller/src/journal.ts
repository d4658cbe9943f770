import { createWriteStream, readFileSync, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { FabricEvent } from '@squall/fabric'
import type { LoadPlan } from '@squall/load-plan'
import { packSnapshotEvent, unpackSnapshotEvent } from '@squall/load-protocol'
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
    append: (entry) => void stream.write(`${toLine(entry)}\n`),
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
  return lines.filter((line) => line !== '').map(fromLine)
}

/** What stands in the place of a snapshot: all of it as bytes, in base64. With each number as text a controller of many generators would write thrice as much. */
interface PackedLine {
  readonly type: 'snapshot'
  readonly packed: string
}

function toLine(entry: JournalEntry): string {
  if (entry.type !== 'snapshot') return JSON.stringify(entry)
  const { buffer, byteOffset, byteLength } = packSnapshotEvent(entry)
  const { type, shard, epoch, sequence, snapshot } = entry
  const packed = Buffer.from(buffer, byteOffset, byteLength).toString('base64')
  return JSON.stringify({ type, shard, epoch, sequence, second: snapshot.second, packed })
}

function fromLine(line: string): JournalEntry {
  // Written by `toLine`.
  const entry = JSON.parse(line) as Exclude<JournalEntry, { type: 'snapshot' }> | PackedLine
  return entry.type === 'snapshot' ? unpackSnapshotEvent(Buffer.from(entry.packed, 'base64')) : entry
}
