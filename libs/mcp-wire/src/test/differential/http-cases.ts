import type { RandomSource } from '@squall/time'

/** An answer as a server might send it, right or wrong, in the pieces in which it arrives. */
export interface HttpCase {
  readonly bytes: Buffer
  readonly pieces: readonly Buffer[]
}

/** Makes an answer: mostly well-formed and odd, often with some bytes spoilt, sometimes cut short. */
export function makeHttpCase(random: RandomSource): HttpCase {
  const whole = Buffer.from(makeAnswer(random), 'latin1')
  const spoilt = chance(random, 0.3) ? spoil(whole, random) : whole
  const bytes = chance(random, 0.07) ? spoilt.subarray(0, below(random, spoilt.length + 1)) : spoilt
  return { bytes, pieces: cut(bytes, random) }
}

/** Cuts bytes anywhere, now and then into single ones. */
export function cut(bytes: Buffer, random: RandomSource): readonly Buffer[] {
  if (chance(random, 0.05)) return [...bytes].map((byte) => Buffer.of(byte))
  const places = Array.from({ length: below(random, 5) }, () => below(random, bytes.length + 1)).toSorted((a, b) => a - b)
  return [...places, bytes.length]
    .map((end, index) => bytes.subarray(places[index - 1] ?? 0, end))
    .filter(({ length }) => length > 0)
}

export const chance = (random: RandomSource, share: number): boolean => random.next() < share
export const below = (random: RandomSource, limit: number): number => Math.floor(random.next() * limit)

export function pick<T>(random: RandomSource, first: T, ...others: readonly T[]): T {
  return others[below(random, others.length + 1) - 1] ?? first
}

function makeAnswer(random: RandomSource): string {
  const early = chance(random, 0.1)
    ? `HTTP/1.1 ${pick(random, '100 Continue', '102 Processing', '103 Early Hints')}\r\nlink: </a>\r\n\r\n`
    : ''
  const lead = chance(random, 0.02) ? '\r\n' : ''
  const body = 'x'.repeat(below(random, 40)) + pick(random, '', '\r\n', '0\r\n\r\n', '\u00FF')
  const framing = chance(random, 0.1) ? oddly : pick(random, withLength, withLength, inChunks, inChunks, untilClose)
  const { headers, text } = framing(body, random)
  const fields = [...headers, ...Array.from({ length: below(random, 4) }, () => makeField(random))]
  const more = chance(random, 0.03) ? 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n' : ''
  return `${lead}${early}${makeStatusLine(random)}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n${text}${more}`
}

function makeStatusLine(random: RandomSource): string {
  const version = chance(random, 0.9) ? '1.1' : pick(random, '1.0', '1.0', '0.9', '2.0', '1.2', '3.0')
  const status = chance(random, 0.8)
    ? '200'
    : pick(random, '201', '202', '204', '304', '302', '404', '429', '500', '999', '101', '000', '20', '2000')
  const reason = pick(random, ' OK', ' OK', ' OK', '', ' ', '  two  words', ' \u00FC\u00DF', ' a\tb')
  return `HTTP/${version} ${status}${reason}`
}

interface Framed {
  readonly headers: readonly string[]
  readonly text: string
}

const withLength = (body: string, random: RandomSource): Framed => {
  const length = chance(random, 0.9) ? body.length : below(random, 60)
  return {
    headers: [`${anyCase('content-length', random)}:${blanks(random)}${length}${chance(random, 0.05) ? blanks(random) : ''}`],
    text: body,
  }
}

function inChunks(body: string, random: RandomSource): Framed {
  const middle = below(random, body.length + 1)
  const chunks = [body.slice(0, middle), body.slice(middle)]
    .filter((chunk) => chunk !== '')
    .map((chunk) => toChunk(chunk, random))
  const trailers = chance(random, 0.2) ? `${makeField(random)}\r\n` : ''
  const coding = pick(random, 'chunked', 'chunked', 'Chunked', 'gzip, chunked', 'gzip,chunked ')
  const headers = [`${anyCase('transfer-encoding', random)}:${blanks(random)}${coding}`]
  return { headers, text: `${chunks.join('')}${pick(random, '0', '0', '000')}${makeExtension(random)}\r\n${trailers}\r\n` }
}

function toChunk(text: string, random: RandomSource): string {
  const size = text.length.toString(16)
  return `${pick(random, size, size.toUpperCase(), `00${size}`)}${makeExtension(random)}\r\n${text}\r\n`
}

const makeExtension = (random: RandomSource): string =>
  chance(random, 0.85)
    ? ''
    : pick(random, ';a', ';a=b', ';a="b c"', ';a=b;c=d', '; a', ';a="b\\"c"', ';', ' ;a', ';=', ';a="\u00FC"')

const untilClose = (body: string): Framed => ({ headers: [], text: body })

const oddly = (body: string, random: RandomSource): Framed => ({
  headers: [
    pick(random, 'content-length: 5', 'content-length:', 'content-length: 5, 5', 'content-length: +5', 'content-length: 5 5'),
    ...(chance(random, 0.5)
      ? [
          pick(
            random,
            'content-length: 5',
            'transfer-encoding: chunked',
            'transfer-encoding: gzip',
            'transfer-encoding: chunked, gzip',
          ),
        ]
      : []),
  ],
  text: body,
})

function makeField(random: RandomSource): string {
  const name = anyCase(pick(random, 'x-a', 'x-b', 'connection', 'keep-alive', 'content-type', 'set-cookie', 'x_~!#'), random)
  const value = pick(
    random,
    'v',
    '',
    'a, b',
    'close',
    'keep-alive',
    'timeout=5',
    'application/json',
    '\u00E4\u00FF',
    'a\tb',
    'a  b',
    'v\r\n w',
    '\r\n\tw',
  )
  return `${name}:${blanks(random)}${value}${blanks(random)}`
}

const blanks = (random: RandomSource): string => pick(random, ' ', ' ', ' ', '', '  ', '\t', ' \t')
const anyCase = (name: string, random: RandomSource): string => pick(random, name, name, name.toUpperCase())

const spoilers = [0, 9, 10, 13, 32, 34, 44, 48, 57, 58, 59, 97, 127, 128, 255]

/** Changes, takes out or puts in a few bytes. */
function spoil(bytes: Buffer, random: RandomSource): Buffer {
  const spoilt = [...bytes]
  for (let left = 1 + below(random, 3); left > 0; left--) {
    const byte = spoilers[below(random, spoilers.length)] ?? 0
    // The beginning holds most of what has a meaning.
    const place = below(random, chance(random, 0.6) ? Math.min(spoilt.length, 80) : spoilt.length)
    spoilt.splice(place, pick(random, 1, 1, 0), ...(chance(random, 0.7) ? [byte] : []))
  }
  return Buffer.from(spoilt)
}
