import { addCounts, CallTally } from './call-tally.ts'
import { quantilesOf, sumOf, type OpenSecond } from './open-second.ts'
import type { LiveNumbers, LiveTool } from './run-numbers.ts'

/** @param seconds in order; none before the first snapshot. */
export function liveNumbersOf(seconds: readonly OpenSecond[], sinceStart: LiveNumbers['sinceStart']): LiveNumbers {
  const last = seconds.at(-1)
  const span = last === undefined ? 0 : last.second - (seconds[0]?.second ?? 0) + 1
  const calls = new CallTally()
  const errors = new Map<string, number>()
  for (const second of seconds) {
    calls.add(second.calls)
    addCounts(errors, second.errors)
  }
  const clientsByKind = last?.clientsByKind ?? {}
  return {
    second: last?.second ?? -1,
    seconds: span,
    callsPerSecond: perSecond(calls.calls, span),
    failedPerSecond: perSecond(calls.failed, span),
    clients: sumOf(clientsByKind),
    clientsByKind,
    ...quantilesOf(calls),
    errors: Object.fromEntries(errors),
    tools: liveTools(seconds, span),
    generatorCpu: last?.generatorCpu ?? 0,
    eventLoopDelayP99Ms: last?.eventLoopDelayP99Ms ?? 0,
    scheduleLagP99Ms: last?.scheduleLagP99Ms ?? 0,
    sinceStart,
  }
}

function liveTools(seconds: readonly OpenSecond[], span: number): Map<string, LiveTool> {
  const tallies = new Map<string, CallTally>()
  for (const second of seconds)
    for (const [tool, tally] of second.tools) {
      const sum = tallies.get(tool) ?? new CallTally()
      tallies.set(tool, sum)
      sum.add(tally)
    }
  return new Map([...tallies].map(([tool, tally]) => [tool, toLiveTool(tally, span)]))
}

function toLiveTool(tally: CallTally, span: number): LiveTool {
  const { p50, p95, p99 } = quantilesOf(tally)
  return { callsPerSecond: perSecond(tally.calls, span), failed: tally.failed, p50, p95, p99 }
}

const perSecond = (count: number, seconds: number): number => (seconds === 0 ? 0 : count / seconds)
