/** One test case of a JUnit file. */
export interface TestCase {
  readonly name: string
  readonly seconds: number
  /** Why it failed; absent where it passed. */
  readonly failure?: string
}

export interface TestSuite {
  readonly name: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly seconds: number
  readonly cases: readonly TestCase[]
}

/** A JUnit file with one suite, as CI servers read it. */
export function renderSuite({ name, startedAt, seconds, cases }: TestSuite): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${seconds}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="squall" ${counts}>`,
    `  <testsuite name="${escapeXml(name)}" timestamp="${escapeXml(startedAt)}" ${counts}>`,
    ...cases.map((one) => renderCase(name, one)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function renderCase(suite: string, { name, seconds, failure }: TestCase): string {
  const open = `    <testcase classname="squall.${escapeXml(suite)}" name="${escapeXml(name)}" time="${seconds}"`
  return failure === undefined ? `${open}/>` : `${open}><failure message="${escapeXml(failure)}"/></testcase>`
}

// XML 1.0 knows no way to write other control characters or halves of a pair, not even as references.
const notXml = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

const escapeXml = (text: string): string =>
  text.replaceAll(notXml, '\ufffd').replaceAll(/[&<>"\n\r\t]/g, (character) => entities[character] ?? '')
