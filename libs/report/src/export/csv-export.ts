import { open, type FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { LatencyHistogram } from '@squall/metrics'
import { makeDirectory } from '../make-directory.ts'
import { notPossible } from './not-possible.ts'
import type { CallNumbers, ExportedSecond, ExportedSeries, NumbersExport } from './numbers-export.ts'

const columns = [
  'time',
  'second',
  'method',
  'tool',
  'client_kind',
  'transport',
  'phase',
  'clients',
  'calls',
  'ok',
  'failed',
  ...['response', 'service'].flatMap((what) => ['p50', 'p95', 'p99', 'max'].map((figure) => `${what}_${figure}_ms`)),
  'errors',
]

/** A CSV file (RFC 4180) with one line for each second and each series that had calls in it. @param where its path. */
export function createCsvExport(where: string): NumbersExport {
  const path = resolve(where)
  let file: FileHandle | undefined
  return {
    name: `csv=${where}`,
    isCumulative: false,
    start: async () => {
      try {
        await makeDirectory(dirname(path))
        file = await open(path, 'w')
        await file.appendFile(`${columns.join(',')}\r\n`)
      } catch (cause) {
        throw notPossible(`cannot write ${path}`, cause)
      }
    },
    take: async (second) => {
      const lines = second.series.flatMap((series) => (callsOf(series.now) === 0 ? [] : [toLine(second, series)]))
      if (lines.length > 0) await file?.appendFile(lines.join(''))
    },
    close: async () => file?.close(),
  }
}

const callsOf = ({ ok, failed }: CallNumbers): number => ok + failed

function toLine({ second, atWallMs, clients }: ExportedSecond, { key, now }: ExportedSeries): string {
  const errors = [...now.errors].map(([code, count]) => `${code}=${count}`).join(' ')
  const cells = [
    new Date(atWallMs).toISOString(),
    second,
    key.method,
    key.tool,
    key.clientKind,
    key.transport,
    key.phase,
    clients[key.clientKind] ?? 0,
    callsOf(now),
    now.ok,
    now.failed,
    ...toTimes(now.response),
    ...toTimes(now.service),
    errors,
  ]
  return `${cells.map(toCell).join(',')}\r\n`
}

const toTimes = (times: LatencyHistogram): string[] =>
  [times.quantileMs(0.5), times.quantileMs(0.95), times.quantileMs(0.99), times.maxMs].map((ms) => ms.toFixed(3))

function toCell(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
