import { type RandomSource, seededRandom } from '@squall/time'
import { createParser } from 'eventsource-parser'
import { SseParser } from '../../sse/sse-parser.ts'
import type { Comparison } from './comparison.ts'
import { below, chance, cut, pick } from './http-cases.ts'

interface StreamReading {
  /** Type and data of each event with data, and the id where the event set one. */
  readonly events: readonly string[]
  readonly retryMs: number | undefined
  readonly lastEventId: string | undefined
  readonly isBroken: boolean
}

/** Reads made-up streams of events with our parser and with the one of the official SDK, and compares what both make of them. */
export function compareSse(cases: number, seed: number): Comparison {
  const comparison: Comparison = { cases, agreedWhole: 0, agreedBroken: 0, meant: new Map(), unexplained: [] }
  for (let index = 0; index < cases; index++) {
    const random = seededRandom(seed, index)
    const bytes = makeStream(random)
    const pieces = cut(bytes, random)
    note(comparison, bytes, readWithOurs(pieces), readWithTheirs(pieces))
  }
  return comparison
}

function note(comparison: Comparison, bytes: Buffer, ours: StreamReading, theirs: StreamReading): void {
  if (ours.isBroken) {
    const reason = 'bytes that are no UTF-8'
    if (new TextDecoder().decode(bytes).includes('\uFFFD')) comparison.meant.set(reason, (comparison.meant.get(reason) ?? 0) + 1)
    else comparison.unexplained.push(`only ours finds it broken: ${show(bytes)}`)
  } else if (JSON.stringify(ours) === JSON.stringify(theirs)) comparison.agreedWhole++
  else comparison.unexplained.push(`${JSON.stringify(ours)} or ${JSON.stringify(theirs)}: ${show(bytes)}`)
}

const show = (bytes: Buffer): string => JSON.stringify(bytes.toString('latin1'))

function readWithOurs(pieces: readonly Buffer[]): StreamReading {
  const events: string[] = []
  const parser = new SseParser(({ type, data }) => {
    // Those without data only set an id, which theirs does not tell.
    if (data !== '') events.push(JSON.stringify([type, data]))
  }, 1_000_000)
  // A copy, since the memory behind a piece is used again in earnest.
  const isBroken = pieces.some((piece) => parser.push(Buffer.from(piece)) !== undefined)
  return { events, retryMs: parser.retryMs, lastEventId: parser.lastEventId, isBroken }
}

function readWithTheirs(pieces: readonly Buffer[]): StreamReading {
  const events: string[] = []
  let retryMs: number | undefined
  const parser = createParser({
    onEvent: ({ event = '', data }) => {
      if (data !== '') events.push(JSON.stringify([event === '' ? 'message' : event, data]))
    },
    onRetry: (ms) => (retryMs = ms),
  })
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for (const piece of pieces) parser.feed(decoder.decode(piece, { stream: true }))
  return { events, retryMs, lastEventId: lastIdOf(Buffer.concat(pieces)), isBroken: false }
}

/** Theirs tells an id only along with data; this is the rule itself, on the whole text. Source: WHATWG HTML, section 9.2.6. */
function lastIdOf(bytes: Buffer): string | undefined {
  const lines = bytes
    .toString()
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
  // The last line has no end, so it is none yet.
  const ids = lines.slice(0, -1).filter((line) => /^id(?::|$)/.test(line) && !line.includes('\0'))
  return ids.at(-1)?.replace(/^id:? ?/, '')
}

const line = (random: RandomSource): string =>
  pick(
    random,
    ...([
      'data: ',
      'data:',
      'data',
      'data:  two',
      'data: {"jsonrpc":"2.0","id":1}',
      'data: \u00E4\u20AC\u{1F600}',
      'data:a:b',
    ] as const),
    ...([
      'event: x',
      'event:',
      'event',
      'id: 7',
      'id',
      'id:',
      'id: a\0b',
      'retry: 50',
      'retry: soon',
      'retry:',
      'retry: -1',
    ] as const),
    ...([': note', ':', 'dat', 'data : x', ' data: x', 'DATA: x', 'unknown: field', '', '', '', '', ''] as const),
  )

function makeStream(random: RandomSource): Buffer {
  const mark = chance(random, 0.1) ? '\uFEFF' : ''
  const end = pick(random, '\n', '\n', '\r\n', '\r', undefined)
  const lines = Array.from({ length: below(random, 12) }, () => `${line(random)}${end ?? pick(random, '\n', '\r\n', '\r')}`)
  const bytes = Buffer.from(`${mark}${lines.join('')}${chance(random, 0.2) ? 'data: unfinished' : ''}`)
  if (chance(random, 0.1) && bytes.length > 0) bytes[below(random, bytes.length)] = pick(random, 0, 10, 13, 58, 0xff, 0xc3)
  return bytes
}
