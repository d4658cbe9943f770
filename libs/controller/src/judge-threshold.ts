import { keepsTo, type Threshold, type ThresholdMetric } from '@squall/load-plan'
import { LatencyHistogram, type GroupNumbers, type RunNumbers } from '@squall/metrics'
import type { ThresholdResult } from '@squall/report'

/**
 * Whether a run kept to a threshold. The value is in milliseconds for latencies, in percent for shares, else a plain number;
 * null where there was nothing to measure, which is never ok.
 *
 * Without a scope, latencies and rates are those of `tools/call`, or of all methods where no tool was called. Failures
 * without a scope are those of every method: a server that refuses new sessions has failed, even if no tool call did.
 * @param phaseSeconds for how long a phase made load: what its calls are divided by to give its rate.
 */
export function judgeThreshold(threshold: Threshold, numbers: RunNumbers, phaseSeconds: PhaseSeconds): ThresholdResult {
  const measured = measureThreshold(threshold, numbers, phaseSeconds)
  const value = measured !== null && threshold.metric.type === 'failedRatio' ? measured * 100 : measured
  return {
    expression: threshold.expression,
    value,
    ok: keepsTo(threshold, measured),
  }
}

export type PhaseSeconds = (phase: string) => number

/** What a threshold looks at, in the unit of its limit; null where there was nothing to measure. */
export function measureThreshold({ scope, metric }: Threshold, numbers: RunNumbers, phaseSeconds: PhaseSeconds): number | null {
  if (metric.type === 'droppedStarts') return numbers.counters.droppedStarts
  const group = scope.type === 'run' ? wholeRun(metric, numbers) : groupsOf(numbers)[scope.type].get(scope.name)
  const seconds = scope.type === 'phase' ? phaseSeconds(scope.name) : numbers.measuredSeconds
  return measureGroup(metric, group ?? nobody, seconds)
}

function wholeRun(metric: ThresholdMetric, numbers: RunNumbers): GroupNumbers {
  const isOfAllMethods = metric.type === 'failedRatio' || metric.type === 'failedCount' || numbers.totals.calls === 0
  return isOfAllMethods ? merged([numbers.totals, ...numbers.methods.values()]) : numbers.totals
}

type ScopeType = Exclude<Threshold['scope']['type'], 'run'>

const groupsOf = ({
  tools,
  methods,
  totals,
  clientKinds,
  transports,
  phases,
}: RunNumbers): Record<ScopeType, ReadonlyMap<string, GroupNumbers>> => ({
  tool: tools,
  method: new Map([...methods, ['tools/call', totals]]),
  clientKind: clientKinds,
  transport: transports,
  phase: phases,
})

function measureGroup(
  metric: Exclude<ThresholdMetric, { type: 'droppedStarts' }>,
  group: GroupNumbers,
  seconds: number,
): number | null {
  if (metric.type === 'calls') return group.calls
  if (metric.type === 'rate') return seconds > 0 ? group.calls / seconds : null
  if (group.calls === 0) return null
  if (metric.type === 'failedRatio') return group.failed / group.calls
  if (metric.type === 'failedCount') return group.failed
  const histogram = group[metric.basis]
  const { statistic } = metric
  return statistic.type === 'quantile' ? histogram.quantileMs(statistic.q) : histogram[`${statistic.type}Ms`]
}

function merged(groups: readonly GroupNumbers[]): GroupNumbers {
  const [service, response] = [new LatencyHistogram(), new LatencyHistogram()]
  for (const group of groups) {
    service.merge(group.service)
    response.merge(group.response)
  }
  const sum = (count: (group: GroupNumbers) => number): number => groups.reduce((total, group) => total + count(group), 0)
  return {
    calls: sum(({ calls }) => calls),
    ok: sum(({ ok }) => ok),
    failed: sum(({ failed }) => failed),
    errors: new Map(),
    service,
    response,
  }
}

const nobody = merged([])
