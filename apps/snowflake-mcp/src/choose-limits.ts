import type { Problem } from '@squall/errors'
import type { ServerLimits } from '@squall/mcp-server'
import type { ReadSettings } from './read-settings.ts'
import type { SettingValues } from './settings.ts'

/** The limits of the server that Squall's is modelled on, where they have a counterpart. */
const original: Partial<SettingValues> = {
  ratePerClient: [
    { calls: 10, perMs: 1000, burst: 5 },
    { calls: 300, perMs: 60_000, burst: 50 },
  ],
  queryRatePerClient: [{ calls: 100, perMs: 60_000, burst: 20 }],
  rateTotal: [{ calls: 100, perMs: 1000, burst: 0 }],
  queryRateTotal: [{ calls: 1000, perMs: 60_000, burst: 0 }],
  quotaPerClient: [
    { calls: 1000, perMs: 3_600_000 },
    { calls: 10_000, perMs: 86_400_000 },
  ],
  queryQuotaPerClient: [{ calls: 500, perMs: 3_600_000 }],
  maxConcurrent: 50,
  maxConcurrentPerClient: 5,
  maxQueued: 100,
  queueTimeoutMs: 300_000,
  maxLeasesPerClient: 3,
  maxSessions: 100,
  maxSessionsPerPrincipal: 10,
  sessionIdleTtlMs: 7_200_000,
  breakerFailures: 5,
  breakerOpenMs: 60_000,
  breakerLongestOpenMs: 300_000,
  breakerSuccesses: 3,
  poolMin: 2,
  poolMax: 10,
  acquireTimeoutMs: 30_000,
}

/** The values with those of the preset wherever the operator said nothing. */
export function applyPreset({ values, given }: ReadSettings): SettingValues {
  if (values.limitsPreset === 'generous') return values
  const preset = Object.entries(original).filter(([name]) => !given.has(name))
  return { ...values, ...Object.fromEntries(preset) }
}

/** Puts the limits together; what cannot be becomes a problem. */
export function chooseLimits(values: SettingValues, { nameOf, given }: ReadSettings, problems: Problem[]): ServerLimits {
  const pairs = [
    ['maxConcurrentPerClient', 'maxConcurrent'],
    ['maxQueuedPerClient', 'maxQueued'],
    ['maxLeasesPerClient', 'poolMax'],
    ['breakerOpenMs', 'breakerLongestOpenMs'],
  ] as const
  for (const [part, whole] of pairs) {
    const value = values[part]
    // What a preset or a default says of a part gives way to what the operator says of the whole.
    if (given.has(part) && value !== undefined && value > values[whole])
      problems.push({ where: nameOf(part), value, expected: `at most ${nameOf(whole)}, which is ${values[whole]}` })
  }
  const { ratePerClient, queryRatePerClient, rateTotal, queryRateTotal, quotaPerClient, queryQuotaPerClient, quotaTotal } = values
  return {
    ...values,
    // Each holds a session; one must be left for calls.
    maxBackgroundQueries: Math.min(values.maxBackgroundQueries, values.poolMax - 1),
    rates: {
      perClient: {
        rates: ratePerClient,
        queryRates: queryRatePerClient,
        quotas: quotaPerClient,
        queryQuotas: queryQuotaPerClient,
      },
      total: { rates: rateTotal, queryRates: queryRateTotal, quotas: quotaTotal, queryQuotas: [] },
    },
    breaker: {
      failuresInARow: values.breakerFailures,
      failureRatio: 0.5,
      fewestCalls: 20,
      windowMs: 10_000,
      openMs: values.breakerOpenMs,
      longestOpenMs: values.breakerLongestOpenMs,
      probes: 1,
      successesToClose: values.breakerSuccesses,
    },
  }
}
