import { formatLatency } from './format-latency.ts'
import { formatCount, formatDuration } from './format-number.ts'
import { formatMeasured, resultOf } from './format-threshold.ts'
import { escapeText, renderTable } from './markdown-text.ts'
import { exampleOf } from './sample-line.ts'
import { renderSentence } from './sentence.ts'
import { renderStrays } from './stray-replies.ts'
import type { Summary, Verdict } from './summary.ts'

const marks: Readonly<Record<Verdict, string>> = { pass: '✅', fail: '❌', inconclusive: '⚠️', stopped: '⏹️', degraded: '⚠️' }

/** A short report for a pull request or a CI summary: verdict, sentence, thresholds, tools, failures. */
export function renderMarkdown(summary: Summary): string {
  const { run, verdict } = summary
  const blocks = [
    `## ${marks[verdict]} ${verdict}: ${escapeText(run.pack)}`,
    renderSentence(summary),
    summary.reasons.map((reason) => `- ${escapeText(reason)}`).join('\n'),
    renderThresholds(summary),
    renderTools(summary),
    renderFailures(summary),
    summary.totals.strayReplies > 0 ? renderStrays(summary.totals) : '',
    renderKinds(summary),
    `<sub><code>${escapeText(run.target)}</code> · ${formatDuration(run.durationSeconds)} · ${escapeText(run.model)} · Squall ${escapeText(run.squallVersion)} · run ${escapeText(run.id)}</sub>`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function renderThresholds({ thresholds }: Summary): string {
  const rows = thresholds.map((threshold) => [
    escapeText(threshold.expression),
    formatMeasured(threshold),
    resultOf(threshold) === 'broken' ? '**broken**' : resultOf(threshold),
  ])
  return renderTable(['Threshold', 'Measured', ''], rows)
}

function renderTools({ tools }: Summary): string {
  const rows = Object.entries(tools)
    .toSorted(([, left], [, right]) => right.calls - left.calls)
    .map(([name, { calls, failed, response }]) => [
      escapeText(name),
      formatCount(calls),
      formatCount(failed),
      formatLatency(response, 'p50'),
      formatLatency(response, 'p95'),
      formatLatency(response, 'p99'),
    ])
  return renderTable(['Tool', 'Calls', 'Failed', 'p50', 'p95', 'p99'], rows)
}

function renderFailures({ errors, samples }: Summary): string {
  const rows = Object.entries(errors)
    .toSorted(([, left], [, right]) => right - left)
    .map(([code, count]) => [escapeText(code), formatCount(count), escapeText(exampleOf(code, samples))])
  return renderTable(['Failure', 'Count', 'For example'], rows)
}

/** With the evidence for each kind, so that a reader knows how far to trust the mix. */
function renderKinds({ clientKinds, clientKindEvidence }: Summary): string {
  const rows = Object.entries(clientKinds)
    .toSorted(([, left], [, right]) => right.calls - left.calls)
    .map(([name, { calls, failed, response }]) => [
      escapeText(name),
      escapeText(clientKindEvidence[name]?.evidence ?? 'unknown'),
      formatCount(calls),
      formatCount(failed),
      formatLatency(response, 'p95'),
    ])
  return renderTable(['Client kind', 'Evidence', 'Calls', 'Failed', 'p95'], rows)
}
