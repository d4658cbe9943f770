import { quotas, rates } from './amount-kinds.ts'
import { oneOf, setting, settingWithDefault, wholeNumber } from './setting.ts'

const milliseconds = wholeNumber(1, 86_400_000)

/** How much, how often, and how much of it by one client. */
export const limitSettings = {
  limitsPreset: settingWithDefault(oneOf(['generous', 'original']), 'generous', {
    key: 'limits.preset',
    option: '--limits-preset',
    variable: 'SQUALL_MCP_LIMITS_PRESET',
    about: 'Limits for whatever is not set by itself: generous, or those of the original server (docs/limits.md)',
    example: 'original',
  }),
  ratePerClient: settingWithDefault(rates, [{ calls: 5000, perMs: 1000, burst: 5000 }], {
    key: 'limits.ratePerClient',
    option: '--rate-per-client',
    variable: 'SQUALL_MCP_RATE_PER_CLIENT',
    about: 'Tool calls of one client in a time, and how many more after a pause',
    example: '10/s+5,300/min',
  }),
  queryRatePerClient: settingWithDefault(rates, [], {
    key: 'limits.queryRatePerClient',
    option: '--query-rate-per-client',
    variable: 'SQUALL_MCP_QUERY_RATE_PER_CLIENT',
    about: 'The same for calls that read data',
    example: '100/min+20',
  }),
  rateTotal: settingWithDefault(rates, [], {
    key: 'limits.rateTotal',
    option: '--rate-total',
    variable: 'SQUALL_MCP_RATE_TOTAL',
    about: 'Tool calls of all clients together in a time',
    example: '100/s',
  }),
  queryRateTotal: settingWithDefault(rates, [], {
    key: 'limits.queryRateTotal',
    option: '--query-rate-total',
    variable: 'SQUALL_MCP_QUERY_RATE_TOTAL',
    about: 'The same for calls that read data',
    example: '1000/min',
  }),
  quotaPerClient: settingWithDefault(quotas, [], {
    key: 'limits.quotaPerClient',
    option: '--quota-per-client',
    variable: 'SQUALL_MCP_QUOTA_PER_CLIENT',
    about: 'Tool calls of one client in an hour or day of the calendar (UTC)',
    example: '1000/h,10000/d',
  }),
  queryQuotaPerClient: settingWithDefault(quotas, [], {
    key: 'limits.queryQuotaPerClient',
    option: '--query-quota-per-client',
    variable: 'SQUALL_MCP_QUERY_QUOTA_PER_CLIENT',
    about: 'The same for calls that read data',
    example: '500/h',
  }),
  quotaTotal: settingWithDefault(quotas, [], {
    key: 'limits.quotaTotal',
    option: '--quota-total',
    variable: 'SQUALL_MCP_QUOTA_TOTAL',
    about: 'Tool calls of all clients together in an hour or day of the calendar (UTC)',
    example: '100000/d',
  }),
  maxConcurrentPerClient: setting(wholeNumber(1, 100_000), {
    key: 'limits.maxConcurrentPerClient',
    option: '--max-concurrent-per-client',
    variable: 'SQUALL_MCP_MAX_CONCURRENT_PER_CLIENT',
    about: 'Tool calls of one client, or one principal, that run at once; three quarters of all where not set',
    example: '5',
  }),
  maxQueuedPerClient: setting(wholeNumber(0, 1_000_000), {
    key: 'limits.maxQueuedPerClient',
    option: '--max-queued-per-client',
    variable: 'SQUALL_MCP_MAX_QUEUED_PER_CLIENT',
    about: 'Tool calls of one client, or one principal, that wait for their turn; three quarters of all where not set',
    example: '100',
  }),
  maxLeasesPerClient: setting(wholeNumber(1, 1000), {
    key: 'pool.maxPerClient',
    option: '--pool-max-per-client',
    variable: 'SNOWFLAKE_POOL_MAX_PER_CLIENT',
    about: 'Sessions in Snowflake one client, or one principal, uses at once; three quarters of the pool where not set',
    example: '3',
  }),
  maxSessionsPerPrincipal: settingWithDefault(wholeNumber(1, 1_000_000), 2000, {
    key: 'sessions.maxPerPrincipal',
    option: '--max-sessions-per-principal',
    variable: 'SQUALL_MCP_MAX_SESSIONS_PER_PRINCIPAL',
    about: 'Client sessions of one key or subject at once; at the limit its longest idle makes room',
    example: '10',
  }),
  breakerFailures: settingWithDefault(wholeNumber(1, 1_000_000), 5, {
    key: 'limits.breakerFailures',
    option: '--breaker-failures',
    variable: 'SQUALL_MCP_BREAKER_FAILURES',
    about: 'Calls in a row that cannot reach Snowflake, after which calls are kept from it for a while',
    example: '5',
  }),
  breakerOpenMs: settingWithDefault(milliseconds, 1000, {
    key: 'limits.breakerOpenMs',
    option: '--breaker-open-ms',
    variable: 'SQUALL_MCP_BREAKER_OPEN_MS',
    about: 'For how long, the first time; doubled each time a trial fails',
    example: '1000',
  }),
  breakerLongestOpenMs: settingWithDefault(milliseconds, 30_000, {
    key: 'limits.breakerLongestOpenMs',
    option: '--breaker-longest-open-ms',
    variable: 'SQUALL_MCP_BREAKER_LONGEST_OPEN_MS',
    about: 'For how long at most',
    example: '30000',
  }),
  breakerSuccesses: settingWithDefault(wholeNumber(1, 1000), 1, {
    key: 'limits.breakerSuccesses',
    option: '--breaker-successes',
    variable: 'SQUALL_MCP_BREAKER_SUCCESSES',
    about: 'Trials that must reach Snowflake before all calls may again',
    example: '3',
  }),
} as const
