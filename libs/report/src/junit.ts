import { formatMeasured } from './format-threshold.ts'
import type { Summary, ThresholdResult } from './summary.ts'

/** The run as a JUnit test suite: each threshold is a test case, and so is the verdict. */
export function renderJunit(summary: Summary): string {
  const cases = [renderVerdict(summary), ...summary.thresholds.map((threshold) => renderThreshold(summary, threshold))]
  const failures = cases.filter(({ isFailure }) => isFailure).length
  const { run } = summary
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${run.durationSeconds}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="squall" ${counts}>`,
    `  <testsuite name="${escapeXml(run.pack)}" timestamp="${escapeXml(run.startedAt)}" ${counts}>`,
    ...cases.map(({ xml }) => xml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

interface TestCase {
  readonly isFailure: boolean
  readonly xml: string
}

function renderVerdict({ run, verdict, reasons }: Summary): TestCase {
  return toCase(run.pack, 'verdict', run.durationSeconds, verdict === 'pass' ? undefined : `${verdict}: ${reasons.join('; ')}`)
}

function renderThreshold({ run }: Summary, threshold: ThresholdResult): TestCase {
  const { expression, ok } = threshold
  return toCase(run.pack, expression, 0, ok ? undefined : `${expression} does not hold: ${formatMeasured(threshold)}`)
}

function toCase(pack: string, name: string, seconds: number, failure: string | undefined): TestCase {
  const open = `    <testcase classname="squall.${escapeXml(pack)}" name="${escapeXml(name)}" time="${seconds}"`
  if (failure === undefined) return { isFailure: false, xml: `${open}/>` }
  return { isFailure: true, xml: `${open}><failure message="${escapeXml(failure)}"/></testcase>` }
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
