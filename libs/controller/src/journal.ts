import { createWriteStream, readFileSync, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { FabricEvent } from '@squall/fabric'
import type { LoadPlan } from '@squall/load-plan'
import type { EncodedHistogram, SeriesSnapshot, Snapshot } from '@squall/metrics'
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
  // Written by `append`, which takes nothing else.
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line, decodeBytes) as JournalEntry)
}

const marker = 'base64:'

/** What it is given, with text where bytes were; where one is forgotten, this does not compile. JSON leaves out what is undefined. */
type WithTexts<T> = T extends Uint8Array
  ? string
  : T extends readonly (infer Item)[]
    ? readonly WithTexts<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: WithTexts<T[Key]> | undefined }
      : T

/** A replacer of JSON would be asked for each number of a snapshot too: a controller of many generators writes thousands of them a second. */
const toLine = (entry: JournalEntry): string =>
  JSON.stringify(entry.type === 'snapshot' ? { ...entry, snapshot: withTexts(entry.snapshot) } : entry)

function withTexts(snapshot: Snapshot): WithTexts<Snapshot> {
  const { series, latencies, generator } = snapshot
  return {
    ...snapshot,
    series: series.map(seriesWithTexts),
    latencies: latencies && textsOf(latencies),
    generator: {
      ...generator,
      eventLoopDelay: toText(generator.eventLoopDelay),
      scheduleLag: toText(generator.scheduleLag),
    },
  }
}

const seriesWithTexts = (series: SeriesSnapshot): WithTexts<SeriesSnapshot> => ({
  ...series,
  service: toText(series.service),
  response: toText(series.response),
})

type Latencies = NonNullable<Snapshot['latencies']>

const textsOf = (latencies: Latencies): WithTexts<Latencies> =>
  Object.fromEntries(Object.entries(latencies).map(([name, histogram]) => [name, toText(histogram)]))

const toText = ({ buffer, byteOffset, byteLength }: EncodedHistogram): string =>
  marker + Buffer.from(buffer, byteOffset, byteLength).toString('base64')

const decodeBytes = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith(marker)
    ? new Uint8Array(Buffer.from(value.slice(marker.length), 'base64'))
    : value
