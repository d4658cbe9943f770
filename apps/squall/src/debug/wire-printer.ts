import { redact, type WireEvent, type WireTap, writtenJson } from '@squall/mcp-wire'
import pc from 'picocolors'

export interface WirePrinterOptions {
  /** When the first line is, on the monotonic clock. */
  readonly startMs: number
  readonly color: boolean
  readonly write: (text: string) => void
}

/** Headers that every request of every client has, and that tell nobody anything. */
const dull = new Set(['accept', 'accept-encoding', 'connection', 'content-length', 'host', 'user-agent'])
const secretName = /authorization|cookie|token|secret|key/i

const mostLines = 60
/** What fits on a line is not broken up. */
const longestLine = 110

/** Prints what travels for a person to read: when, in which direction, and each message laid out, without what looks like a secret. */
export function createWirePrinter({ startMs, color, write }: WirePrinterOptions): WireTap {
  const paint = pc.createColors(color)
  return {
    heard: (event) => {
      const body = layOut(redact(event.text))
      const headers = renderHeaders(event)
      if (event.carrier === '' && body.length === 0 && headers.length === 0) return
      const arrow = event.direction === 'sent' ? paint.cyan('→') : paint.green('←')
      const number = event.exchange === undefined ? '' : paint.dim(`#${event.exchange} `)
      const head = `${paint.dim(formatSeconds(event.atMs - startMs))} ${arrow} ${number}${paint.bold(redact(event.carrier))}`
      const lines = [...headers.map((line) => paint.dim(line)), ...body].map((line) => `${indent}${line}`)
      write(`${[head.trimEnd(), ...lines].join('\n')}\n`)
    },
  }
}

/** `    1.234 s`, ten columns wide. */
export const formatSeconds = (ms: number): string => `${(ms / 1000).toFixed(3).padStart(8)} s`

const indent = ' '.repeat(13)

function renderHeaders({ headers }: WireEvent): string[] {
  return Object.entries(headers)
    .filter(([name]) => !dull.has(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${secretName.test(name) ? '***' : redact(value)}`)
}

/** JSON with indentation where it is long; anything else line by line. */
function layOut(text: string): string[] {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .flatMap((line) => layOutLine(line))
  const hidden = lines.length - mostLines
  return hidden <= 0 ? lines : [...lines.slice(0, mostLines), `… and ${hidden} more lines`]
}

function layOutLine(line: string): string[] {
  // An event of a stream names its data.
  const [, field = '', data = ''] = /^(data: ?)?(.*)$/s.exec(line) ?? []
  const json = parse(data)
  const short = json === undefined ? undefined : writtenJson(json)
  if (short === undefined) return [clean(line)]
  return short.length <= longestLine
    ? [`${field}${clean(short)}`]
    : `${field}${writtenJson(json, 2) ?? short}`.split('\n').map(clean)
}

function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A server's words must not steer the terminal. */
const clean = (line: string): string => {
  const safe = line.replaceAll(/\p{Cc}/gu, '�')
  return safe.length > 2_000 ? `${safe.slice(0, 2_000)}…` : safe
}
