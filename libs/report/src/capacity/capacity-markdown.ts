import { formatCount, formatDuration, formatShare } from '../format-number.ts'
import { escapeText, renderTable } from '../markdown-text.ts'
import {
  boundName,
  capacityAnswers,
  capacityFigures,
  describeLaw,
  describeLittlesLaw,
  instancesFor,
  levelCells,
  levelsByLoad,
  levelTitles,
  loadTitle,
} from './capacity-rows.ts'
import type { Capacity } from './capacity.ts'

/** A capacity report for a pull request or a wiki. */
export function renderCapacityMarkdown(capacity: Capacity): string {
  const { run, sentence, reasons, bound, model, whatIf, pools, assumptions } = capacity
  const blocks = [
    `## Capacity of ${escapeText(run.pack)}: ${capacity.verdict}`,
    `**${escapeText(sentence)}**`,
    list(reasons),
    renderTable(
      ['', '', ''],
      [...capacityAnswers(capacity), ...capacityFigures(capacity)].map(({ name, value, detail }) => [
        name,
        `**${escapeText(value)}**`,
        escapeText(detail),
      ]),
    ),
    `Bound by **${escapeText(boundName(bound.by))}**:`,
    list(bound.evidence),
    renderTable(
      [loadTitle(model), ...levelTitles],
      levelsByLoad(capacity).map((level) => levelCells(level, ' ✓')),
    ),
    escapeText(describeLaw(capacity)),
    escapeText(describeLittlesLaw(capacity)),
    renderTable(
      ['Clients', 'Headroom', 'Instances', 'Pool'],
      whatIf.map(({ clients, headroom, instances, poolSize }) => [
        formatCount(clients),
        formatShare(headroom),
        formatCount(instances),
        poolSize === null ? '–' : String(poolSize),
      ]),
    ),
    renderTable(
      ['Pool', 'Clients', 'Bound by', 'Instances'],
      pools.map(({ poolSize, clients, boundBy }) => [
        formatCount(poolSize),
        formatCount(clients),
        escapeText(boundName(boundBy)),
        instancesFor(capacity, clients),
      ]),
    ),
    list(assumptions),
    `<sub><code>${escapeText(run.target)}</code> · ${formatDuration(run.durationSeconds)} · SLO ${escapeText(capacity.slo)} · Squall ${escapeText(run.squallVersion)}</sub>`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${escapeText(line)}`).join('\n')
