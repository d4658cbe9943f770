import { formatBytes, formatCount, formatDuration, formatRate } from '../../format-number.ts'
import { renderGeneratorProof } from '../../generator-proof.ts'
import { formatInstant } from '../../plots/describe-plot.ts'
import { renderStrays } from '../../stray-replies.ts'
import type { Gap, Summary } from '../../summary.ts'
import { html, type Html } from '../html.ts'

/** Can the figures be trusted: was the generator the bottleneck, and was any load lost? */
export function renderTrust(summary: Summary): Html {
  const { generator, totals } = summary
  return html`<section aria-labelledby="trust-title">
    <h2 id="trust-title">Can these figures be trusted?</h2>
    <p class="${generator.saturated ? 'warning' : 'prose'}">${renderGeneratorProof(summary)}</p>
    <p class="prose">
      It used ${formatDuration(generator.cpuSeconds)} of CPU time, which is ${formatRate(generator.callsPerCpuSecond)} calls of
      all methods per CPU second, and at most ${formatBytes(generator.peakRssBytes)} of memory.
    </p>
    <p class="prose">${describeDropped(totals.droppedStarts)}</p>
    ${describeOddities(summary).map((oddity) => html`<p class="prose">${oddity}</p>`)} ${renderLoss(summary)}
  </section>`
}

function describeOddities({ loss, totals }: Summary): string[] {
  const late = `${formatCount(loss.lateSnapshots)} reports came too late for the percentiles of their second; their calls count everywhere else.`
  const folded = `${formatCount(totals.foldedCalls)} calls are listed under “other”, because there were too many different names.`
  const missing = `${formatCount(totals.clientsNotStarted)} of the clients asked for were never started: the run was over before their turn.`
  return [
    ...(totals.strayReplies > 0 ? [renderStrays(totals)] : []),
    ...(totals.clientsNotStarted > 0 ? [missing] : []),
    ...(loss.lateSnapshots > 0 ? [late] : []),
    ...(totals.foldedCalls > 0 ? [folded] : []),
  ]
}

const describeDropped = (count: number): string =>
  count === 0
    ? 'No scheduled start was dropped.'
    : `${formatCount(count)} scheduled starts were dropped because they were too late to be made up for: the target was slower than the plan.`

function renderLoss({ loss }: Summary): Html {
  const { shardSeconds, snapshots, gaps } = loss
  if (shardSeconds === 0 && snapshots === 0 && gaps.length === 0) {
    return html`<p class="prose">No load was lost, and every report of the generators arrived.</p>`
  }
  return html`<p class="warning">
      Lost: ${formatDuration(shardSeconds)} of load, summed over shards, and ${formatCount(snapshots)} one-second
      report${snapshots !== 1 && 's'} of the generators.
    </p>
    ${
      gaps.length > 0 &&
      html`<ul>
        ${gaps.map((gap) => html`<li>${describeGap(gap)}</li>`)}
      </ul>`
    }`
}

const describeGap = ({ shard, fromSecond, toSecond, cause }: Gap): string =>
  `Shard ${shard}, ${formatInstant(fromSecond)} to ${formatInstant(toSecond)}: ${cause}`
