import { formatBytes, formatCount, formatDuration } from '../../format-number.ts'
import type { AgentInfo, Summary } from '../../summary.ts'
import { html, type Html } from '../html.ts'

/** What was run, where and how, so that it can be run again. */
export function renderSettings(summary: Summary): Html {
  const { run, totals, agents } = summary
  const { machine } = run
  const rows: readonly (readonly [string, string])[] = [
    ['Run', run.id],
    ['Pack', run.pack],
    ['Target', run.target],
    ['Load', run.model],
    ['Started', run.startedAt],
    ['Duration', formatDuration(run.durationSeconds)],
    ['Warm-up, not counted', run.warmUpSeconds > 0 ? formatDuration(run.warmUpSeconds) : 'none'],
    ['Seed', String(run.seed)],
    ['Runner and fabric', `${run.runner}, ${run.fabric}, ${run.workers} generator process${run.workers === 1 ? '' : 'es'}`],
    ['Transport', Object.keys(summary.transports).join(', ') || 'none was used'],
    ['Clients started', formatCount(totals.clientsStarted)],
    ['Sessions opened', formatCount(totals.sessionsOpened)],
    ['Sent and received', `${formatBytes(totals.bytesSent)}, ${formatBytes(totals.bytesReceived)}`],
    ['Machine', `${machine.cpuModel}, ${machine.cpuCount} cores, ${formatBytes(machine.memoryBytes)}, ${machine.platform}`],
    ['Versions', `Squall ${run.squallVersion}, Node ${run.nodeVersion}`],
    ...agents.map(describeAgent),
  ]
  return html`<section aria-labelledby="settings-title">
    <h2 id="settings-title">Settings</h2>
    <dl class="settings">
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`
}

const describeAgent = ({ id, host, shards, state }: AgentInfo): readonly [string, string] => [
  `Agent ${id}`,
  `${host}, shards ${shards.join(', ')}, ${state}`,
]
