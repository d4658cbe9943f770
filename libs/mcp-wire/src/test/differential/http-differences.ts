import { seededRandom } from '@squall/time'
import { type HttpCase, makeHttpCase } from './http-cases.ts'
import { type Reading, readWithOurs, UndiciReader } from './http-readings.ts'
import type { Comparison } from './comparison.ts'

/** A difference that is meant. Each is explained in `docs/proofs.md`. */
interface MeantDifference {
  readonly reason: string
  /** Who finds the answer broken, and in what words; or in what they differ where neither does. */
  readonly by: 'undici' | 'ours' | 'neither'
  readonly complaint: RegExp
  /** What the answer must hold for it. */
  readonly cause: RegExp
}

const tabBehindChunked = /chunked[ \t]*\t[ \t]*\r\n/i

const meantDifferences: readonly MeantDifference[] = [
  { reason: '100 Continue', by: 'undici', complaint: /^bad response$/, cause: /HTTP\/\d\.\d 100/ },
  {
    reason: 'blanks behind a length',
    by: 'undici',
    complaint: /does not match content-length|Invalid character in Content-Length/,
    cause: /content-length:.*[ \t]\r\n/i,
  },
  {
    reason: 'folded lines',
    by: 'undici',
    complaint: /whitespace after header value|Invalid header value char|does not match content-length/,
    cause: /\r\n[ \t]/,
  },
  { reason: 'chunk extensions', by: 'undici', complaint: /Invalid character in chunk extensions/, cause: /;/ },
  { reason: 'early answer of HTTP/1.0', by: 'undici', complaint: /Data after `Connection: close`/, cause: /HTTP\/\d\.\d 1\d\d/ },
  {
    reason: 'CR CR',
    by: 'ours',
    complaint: /CR without LF|without an HTTP status line/,
    cause: /HTTP\/\d\.\d \d{3}[^\r\n]*\r\r/,
  },
  { reason: 'a tab behind chunked', by: 'neither', complaint: /^the bodies differ$/, cause: tabBehindChunked },
  { reason: 'a tab behind chunked', by: 'ours', complaint: /^cut short$|chunk/, cause: tabBehindChunked },
]

const comparedHeaders = 'x-a x-b connection keep-alive content-type set-cookie x_~!# content-length transfer-encoding link'.split(
  ' ',
)

/** Reads made-up answers with our parser and with undici, and compares what both make of them. */
export async function compareHttp(cases: number, seed: number): Promise<Comparison> {
  const undici = new UndiciReader()
  const comparison: Comparison = { cases, agreedWhole: 0, agreedBroken: 0, meant: new Map(), unexplained: [] }
  for (let index = 0; index < cases; index++) {
    const made = makeHttpCase(seededRandom(seed, index))
    note(comparison, made, readWithOurs(made.pieces), await undici.read(made.pieces))
  }
  await undici.close()
  return comparison
}

function note(comparison: Comparison, { bytes }: HttpCase, ours: Reading, theirs: Reading): void {
  const difference = differenceOf(ours, theirs)
  if (difference === undefined) {
    if (ours.isWhole) comparison.agreedWhole++
    else comparison.agreedBroken++
    return
  }
  const text = bytes.toString('latin1')
  const [by, why] = whoComplains(ours, theirs, difference)
  const meant = meantDifferences.find((one) => one.by === by && one.complaint.test(why) && one.cause.test(text))
  if (meant) comparison.meant.set(meant.reason, (comparison.meant.get(meant.reason) ?? 0) + 1)
  else comparison.unexplained.push(`${difference}: ${JSON.stringify(text)}`)
}

function whoComplains(ours: Reading, theirs: Reading, difference: string): readonly [MeantDifference['by'], string] {
  if (!theirs.isWhole) return ['undici', theirs.why]
  return ours.isWhole ? ['neither', difference] : ['ours', ours.why]
}

function differenceOf(ours: Reading, theirs: Reading): string | undefined {
  if (!ours.isWhole && !theirs.isWhole) return undefined
  if (!theirs.isWhole) return `only undici finds it broken (${theirs.why})`
  if (!ours.isWhole) return `only ours finds it broken (${ours.why})`
  if (ours.status !== theirs.status) return `status ${ours.status} or ${theirs.status}`
  if (ours.body !== theirs.body) return 'the bodies differ'
  const differing = comparedHeaders.find((name) => ours.header(name) !== theirs.header(name))
  return differing === undefined ? undefined : `the values of ${differing} differ`
}
