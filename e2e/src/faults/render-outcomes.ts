// What faults under load came to, as a page of the documentation.
import { cpus } from 'node:os'
import type { FaultCase } from './fault-cases.ts'
import type { Stretch } from './review-timeline.ts'
import type { Outcome } from './run-under-fault.ts'
import { toldTexts } from './told-texts.ts'

export interface FaultOutcome extends Outcome {
  readonly fault: FaultCase
}

/** The measured part of `docs/faults-under-load.md`. */
export function renderOutcomes(outcomes: readonly FaultOutcome[]): string {
  const [first] = cpus()
  return [
    `Measured on ${cpus().length} × ${first?.model ?? 'an unknown processor'}, Node ${process.versions.node}, shared with other work.`,
    table(
      ['Snowflake', 'calls that failed', 'with', 'p95 before, during, after (ms)', 'success back after', 'at rest after'],
      outcomes.map(toRow),
    ),
    'At rest, before and after each run alike:',
    table(
      ['counter', 'value'],
      Object.entries(outcomes[0]?.before ?? {}).map(([name, value]) => [name, `${value}`]),
    ),
    'What a client was told, word for word:',
    table(['code', 'text'], toTexts(outcomes)),
  ].join('\n\n')
}

function toRow({ fault, review, summary, settledMs }: FaultOutcome): readonly string[] {
  const { before, during, after, recoverySeconds } = review
  return [
    fault.name,
    `${during.failed} of ${during.calls} while it lasted, ${after.failed} of ${after.calls} later`,
    Object.entries(summary.errors)
      .map(([code, count]) => `${count} × \`${code}\``)
      .join(', ') || 'none',
    [before, during, after].map(toP95).join(', '),
    recoverySeconds === undefined ? 'never' : recoverySeconds === 0 ? 'at once' : `${recoverySeconds} s`,
    settledMs < 1000 ? 'at once' : `${Math.ceil(settledMs / 1000)} s`,
  ]
}

const toP95 = ({ usualP95Ms, worstP95Ms }: Stretch): string => `${Math.round(usualP95Ms)} (${Math.round(worstP95Ms)})`

function toTexts(outcomes: readonly FaultOutcome[]): readonly (readonly string[])[] {
  const texts = new Map(
    outcomes.flatMap(({ summary }) => toldTexts(summary.samples)).map(({ code, text }) => [text, code] as const),
  )
  return [...texts].map(([text, code]) => [`\`${code}\``, text.replaceAll('|', '\\|').replaceAll('\n', ' ')])
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
