import { accessSettings } from './access-settings.ts'
import { limitSettings } from './limit-settings.ts'
import { policySettings } from './policy-settings.ts'
import { flag, httpUrl, oneOf, path, ratio, setting, settingWithDefault, text, textList, wholeNumber } from './setting.ts'
import { snowflakeSettings } from './snowflake-settings.ts'
import { toolSettings } from './tool-settings.ts'

const milliseconds = wholeNumber(1, 86_400_000)

/** Everything an operator may set: its option, its environment variable, its place in the configuration file, its default. */
export const settings = {
  host: settingWithDefault(text, '127.0.0.1', {
    key: 'server.host',
    option: '--host',
    variable: 'SQUALL_MCP_HOST',
    about: 'Address to listen on; beyond loopback only with API keys or an authorization server',
    example: '127.0.0.1',
  }),
  port: settingWithDefault(wholeNumber(0, 65_535), 3000, {
    key: 'server.port',
    option: '--port',
    variable: 'SQUALL_MCP_PORT',
    about: 'Port to listen on; 0 takes a free one',
    example: '3000',
  }),
  processes: settingWithDefault(wholeNumber(1, 64), 1, {
    key: 'server.processes',
    option: '--processes',
    variable: 'SQUALL_MCP_PROCESSES',
    about: 'Processes that serve behind the one port; limits are shared out among them',
    example: '2',
  }),
  stdio: settingWithDefault(flag, false, {
    key: 'server.stdio',
    option: '--stdio',
    variable: 'SQUALL_MCP_STDIO',
    about: 'Serve one client over standard input and output instead of HTTP',
    example: 'true',
  }),
  allowedHosts: settingWithDefault(textList, ['localhost', '127.0.0.1', '[::1]'], {
    key: 'server.allowedHosts',
    option: '--allowed-hosts',
    variable: 'SQUALL_MCP_ALLOWED_HOSTS',
    about: 'Names clients may call the server by (Host and Origin headers)',
    example: 'localhost,mcp.example.com',
  }),
  maxBodyBytes: settingWithDefault(wholeNumber(1024, 104_857_600), 4_194_304, {
    key: 'server.maxBodyBytes',
    option: '--max-body-bytes',
    variable: 'SQUALL_MCP_MAX_BODY_BYTES',
    about: 'Largest request body',
    example: '4194304',
  }),
  drainTimeoutMs: settingWithDefault(wholeNumber(0, 3_600_000), 2000, {
    key: 'server.drainTimeoutMs',
    option: '--drain-timeout-ms',
    variable: 'SQUALL_MCP_DRAIN_TIMEOUT_MS',
    about: 'How long calls in flight may take to finish when the server stops',
    example: '2000',
  }),
  logLevel: settingWithDefault(oneOf(['silent', 'error', 'warn', 'info', 'debug']), 'warn', {
    key: 'server.logLevel',
    option: '--log-level',
    variable: 'SQUALL_MCP_LOG_LEVEL',
    about: 'What is logged, as JSON lines on standard error',
    example: 'info',
  }),
  slowQueryMs: settingWithDefault(wholeNumber(0, 86_400_000), 5000, {
    key: 'observe.slowQueryMs',
    option: '--slow-query-ms',
    variable: 'SQUALL_MCP_SLOW_QUERY_MS',
    about: 'A statement that takes at least this long is logged and kept for /status/slow-queries, without the values in it',
    example: '5000',
  }),
  audit: setting(text, {
    key: 'observe.audit',
    option: '--audit',
    variable: 'SQUALL_MCP_AUDIT',
    about: 'Where the audit trail goes, a JSON line for each call: a file, stdout or stderr; none is kept unless this is set',
    example: '/var/log/snowflake-mcp/audit.jsonl',
  }),
  auditMaxFileBytes: settingWithDefault(wholeNumber(4096, 1_099_511_627_776), 104_857_600, {
    key: 'observe.auditMaxFileBytes',
    option: '--audit-max-file-bytes',
    variable: 'SQUALL_MCP_AUDIT_MAX_FILE_BYTES',
    about: 'The file of the audit trail is set aside before it grows beyond this',
    example: '104857600',
  }),
  auditMaxFiles: settingWithDefault(wholeNumber(1, 10_000), 10, {
    key: 'observe.auditMaxFiles',
    option: '--audit-max-files',
    variable: 'SQUALL_MCP_AUDIT_MAX_FILES',
    about: 'Files of the audit trail set aside and kept; the oldest is overwritten',
    example: '10',
  }),
  auditWhenFailing: settingWithDefault(oneOf(['refuse', 'count']), 'refuse', {
    key: 'observe.auditWhenFailing',
    option: '--audit-when-failing',
    variable: 'SQUALL_MCP_AUDIT_WHEN_FAILING',
    about: 'While the audit trail cannot be written: refuse calls, or run them and count the lines that are lost',
    example: 'count',
  }),
  traceEndpoint: setting(httpUrl, {
    key: 'observe.traceEndpoint',
    option: '--trace-endpoint',
    variable: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    about: 'OpenTelemetry collector that traces are sent to, as OTLP over HTTP; none are made unless this is set',
    example: 'http://127.0.0.1:4318/v1/traces',
  }),
  traceSampleRatio: settingWithDefault(ratio, 1, {
    key: 'observe.traceSampleRatio',
    option: '--trace-sample-ratio',
    variable: 'SQUALL_MCP_TRACE_SAMPLE_RATIO',
    about: 'Share of calls that begin a trace; calls that come with a traceparent follow it',
    example: '0.1',
  }),
  snowflakeTimesIntervalMs: settingWithDefault(wholeNumber(0, 86_400_000), 0, {
    key: 'observe.snowflakeTimesIntervalMs',
    option: '--snowflake-times-interval-ms',
    variable: 'SQUALL_MCP_SNOWFLAKE_TIMES_INTERVAL_MS',
    about: 'How often Snowflake’s query history is asked how long statements queued and ran, for the metrics; 0 is never',
    example: '60000',
  }),
  maxSessions: settingWithDefault(wholeNumber(1, 1_000_000), 10_000, {
    key: 'sessions.max',
    option: '--max-sessions',
    variable: 'SQUALL_MCP_MAX_SESSIONS',
    about: 'Client sessions at once; at the limit the longest idle makes room',
    example: '10000',
  }),
  sessionIdleTtlMs: settingWithDefault(milliseconds, 1_800_000, {
    key: 'sessions.idleTtlMs',
    option: '--session-idle-ttl-ms',
    variable: 'SQUALL_MCP_SESSION_IDLE_TTL_MS',
    about: 'A client session unused for longer ends',
    example: '1800000',
  }),
  maxConcurrent: settingWithDefault(wholeNumber(1, 100_000), 256, {
    key: 'limits.maxConcurrent',
    option: '--max-concurrent',
    variable: 'SQUALL_MCP_MAX_CONCURRENT',
    about: 'Tool calls that run at once',
    example: '256',
  }),
  maxQueued: settingWithDefault(wholeNumber(0, 1_000_000), 2000, {
    key: 'limits.maxQueued',
    option: '--max-queued',
    variable: 'SQUALL_MCP_MAX_QUEUED',
    about: 'Tool calls that wait for their turn; more are turned away with 429',
    example: '2000',
  }),
  queueTimeoutMs: settingWithDefault(milliseconds, 30_000, {
    key: 'limits.queueTimeoutMs',
    option: '--queue-timeout-ms',
    variable: 'SQUALL_MCP_QUEUE_TIMEOUT_MS',
    about: 'How long a tool call may wait for its turn',
    example: '30000',
  }),
  queryTimeoutMs: settingWithDefault(milliseconds, 60_000, {
    key: 'limits.queryTimeoutMs',
    option: '--query-timeout-ms',
    variable: 'SQUALL_MCP_QUERY_TIMEOUT_MS',
    about: 'A statement that takes longer is cancelled in Snowflake',
    example: '60000',
  }),
  ...toolSettings,
  poolMin: settingWithDefault(wholeNumber(0, 1000), 2, {
    key: 'pool.min',
    option: '--pool-min',
    variable: 'SNOWFLAKE_POOL_MIN_SIZE',
    about: 'Sessions in Snowflake kept open',
    example: '2',
  }),
  poolMax: settingWithDefault(wholeNumber(1, 1000), 8, {
    key: 'pool.max',
    option: '--pool-max',
    variable: 'SNOWFLAKE_POOL_MAX_SIZE',
    about: 'Sessions in Snowflake at most',
    example: '16',
  }),
  acquireTimeoutMs: settingWithDefault(milliseconds, 30_000, {
    key: 'pool.acquireTimeoutMs',
    option: '--pool-acquire-timeout-ms',
    variable: 'SNOWFLAKE_POOL_ACQUIRE_TIMEOUT_MS',
    about: 'How long a call may wait for a session in Snowflake',
    example: '30000',
  }),
  poolIdleTimeoutMs: settingWithDefault(milliseconds, 1_800_000, {
    key: 'pool.idleTimeoutMs',
    option: '--pool-idle-timeout-ms',
    variable: 'SNOWFLAKE_POOL_IDLE_TIMEOUT_MS',
    about: 'A session in Snowflake unused for longer is closed',
    example: '1800000',
  }),
  poolMaxLifetimeMs: settingWithDefault(wholeNumber(1000, 14_000_000), 10_800_000, {
    key: 'pool.maxLifetimeMs',
    option: '--pool-max-lifetime-ms',
    variable: 'SNOWFLAKE_POOL_MAX_LIFETIME_MS',
    about: 'A session in Snowflake older than this is replaced; Snowflake itself ends them after four hours',
    example: '10800000',
  }),
  poolLeakAfterMs: settingWithDefault(milliseconds, 300_000, {
    key: 'pool.leakAfterMs',
    option: '--pool-leak-after-ms',
    variable: 'SNOWFLAKE_POOL_LEAK_AFTER_MS',
    about: 'A session in Snowflake that a call holds for longer is logged, with the request that took it',
    example: '300000',
  }),
  embeddedData: setting(path, {
    key: 'embedded.data',
    option: '--embedded-data',
    variable: 'SNOWFLAKE_LOCAL_DATA',
    about: 'Directory for the sample data of the embedded Snowflake',
    example: '/var/tmp/snowflake-local',
  }),
  ...snowflakeSettings,
  ...accessSettings,
  ...limitSettings,
  ...policySettings,
} as const

type Settings = typeof settings
type SettingName = keyof Settings

/** The value of every setting, from whichever source had the last word. */
export type SettingValues = { readonly [N in SettingName]: Settings[N]['fallback'] }
