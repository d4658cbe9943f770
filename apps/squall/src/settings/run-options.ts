/** One setting of `squall run`, in all three places a user may write it. */
export interface RunOption {
  /** Its key in the configuration file. */
  readonly key: RunOptionKey
  /** As commander reads it. */
  readonly flags: string
  readonly environment: string
  readonly help: string
  readonly kind: 'value' | 'list' | 'switch'
}

export type RunOptionKey =
  | 'target'
  | 'env'
  | 'clients'
  | 'spawnRate'
  | 'rate'
  | 'duration'
  | 'workers'
  | 'seed'
  | 'thresholds'
  | 'report'
  | 'quiet'
  | 'json'

export const runOptions: readonly RunOption[] = [
  option('target', '--target <url>', 'MCP server to load; without one the embedded Snowflake MCP server is started'),
  option('env', '--env <name>', 'which of config.environments applies'),
  option('clients', '--clients <n>', 'closed model: how many clients'),
  option('spawnRate', '--spawn-rate <n>', 'closed model: clients started per second'),
  option('rate', '--rate <n>', 'open model: arrivals per second'),
  option('duration', '--duration <time>', 'how long load is made, such as 60s or 5m'),
  option('workers', '--workers <n>', 'generator processes; by default one less than the cores'),
  option('seed', '--seed <n>', 'every random choice follows from it'),
  option('thresholds', '--threshold <expression>', "what must hold, such as 'p95<500ms'; may be repeated", 'list'),
  option('report', '--report <dir>', 'where the report goes; squall-report/<pack>-<time> by default'),
  option('quiet', '--quiet', 'no progress and no table, the verdict alone', 'switch'),
  option('json', '--json', 'print summary.json to standard output instead of the table', 'switch'),
]

function option(key: RunOptionKey, flags: string, help: string, kind: RunOption['kind'] = 'value'): RunOption {
  return { key, flags, environment: `SQUALL_${flagName(flags).replaceAll('-', '_').toUpperCase()}`, help, kind }
}

/** `spawn-rate` of `--spawn-rate <n>`. */
function flagName(flags: string): string {
  return flags.replace(/^--/, '').replace(/ .*$/, '')
}

/** `--spawn-rate` of `--spawn-rate <n>`. */
export const flagOf = ({ flags }: RunOption): string => `--${flagName(flags)}`
