import { formatClients, formatDuration, formatCount, formatMs, formatRate, formatShare } from '../format-number.ts'
import { cleanLines, cleanText } from '../table/clean-text.ts'
import { agentsInALine } from './agent-rows.ts'
import type { LiveState, LiveView, LiveViewOptions } from './live-state.ts'

const everySeconds = 5

/** Progress for logs: a line every five seconds of the run, each whole in itself, without any control character. */
export function createLineLog({ stream }: LiveViewOptions): LiveView {
  let nextSeconds = everySeconds
  let last: LiveState | undefined
  const print = (state: LiveState): void => {
    stream.write(`${renderLine(state)}\n`)
    last = undefined
  }
  return {
    update(state) {
      last = state
      if (state.elapsedSeconds < nextSeconds) return
      nextSeconds = (Math.floor(state.elapsedSeconds / everySeconds) + 1) * everySeconds
      print(state)
    },
    message: (text) => void stream.write(`${cleanLines(text)}\n`),
    // In a log nobody presses keys.
    hint: () => undefined,
    finish() {
      if (last) print(last)
    },
  }
}

/** `[15 s of 1:00 min] running  300 clients  142 calls/s  p50 38 ms  p95 210 ms  p99 420 ms  2,130 ok  0 failed …` */
function renderLine(state: LiveState): string {
  const parts = [
    `[${formatDuration(Math.floor(state.elapsedSeconds))} of ${formatDuration(state.durationSeconds)}] ${cleanText(state.phase)}`,
    formatClients(state.clients),
    `${formatRate(state.callsPerSecond)} calls/s`,
    `p50 ${formatMs(state.p50)}`,
    `p95 ${formatMs(state.p95)}`,
    `p99 ${formatMs(state.p99)}`,
    `${formatCount(state.ok)} ok`,
    `${formatCount(state.failed)} failed${renderKinds(state.failuresByKind)}`,
  ]
  if (state.droppedStarts > 0) parts.push(`${formatCount(state.droppedStarts)} starts dropped`)
  parts.push(`generator ${formatShare(state.generatorCpu)} of a core`, ...agentsInALine(state.agents ?? []))
  return parts.join('  ')
}

function renderKinds(failures: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(failures).toSorted(([, left], [, right]) => right - left)
  return kinds.length === 0 ? '' : ` (${kinds.map(([code, count]) => `${cleanText(code)} ${formatCount(count)}`).join(', ')})`
}
