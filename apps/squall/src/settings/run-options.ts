import type { OverrideName } from '@squall/pack'

/** One setting of a command, in all three places a user may write it. */
export interface RunOption {
  /** Its key in the configuration file. */
  readonly key: RunOptionKey
  /** As commander reads it. */
  readonly flags: string
  readonly environment: string
  readonly help: string
  readonly kind: 'value' | 'list' | 'switch'
}

/** What beats the pack's own settings, and what is a matter of the run alone. */
export type RunOptionKey =
  | OverrideName
  | 'env'
  | 'workers'
  | 'runner'
  | 'report'
  | 'exports'
  | 'debug'
  | 'iterations'
  | 'scenario'
  | 'quiet'
  | 'json'
  | 'transport'
  | 'headers'
  | 'out'
  | 'force'
  | 'untried'
  | FabricOptionKey
  | CapacityOptionKey
  | RegressionOptionKey
  | ServeOptionKey

/** Where the load of many machines is held together, and what only `squall agent` takes. */
export type FabricOptionKey = 'fabric' | 'agents' | 'lease' | 'allowLoss' | 'resume' | 'allowTarget'

/** What only `squall capacity` takes. */
export type CapacityOptionKey =
  | 'slo'
  | 'maxClients'
  | 'maxRate'
  | 'forClients'
  | 'headroom'
  | 'settle'
  | 'steady'
  | 'confirm'
  | 'resolution'
  | 'metricsUrl'
  | 'creditsPerHour'

/** What only `squall compare` and `squall baseline` take. */
export type RegressionOptionKey = 'base' | 'candidate' | 'runs' | 'minimumEffect' | 'from' | 'store'

/** What only `squall serve` takes. */
export type ServeOptionKey = 'host' | 'port' | 'allowHost' | 'packs' | 'data' | 'atOnce' | 'keep'

/** What a pack is read with; shared by every command that reads one. */
export const packOptions: readonly RunOption[] = [
  option('target', '--target <url>', 'MCP server to load; without one the embedded Snowflake MCP server is started'),
  option('env', '--env <name>', 'which of config.environments applies'),
  option('clients', '--clients <n>', 'closed model: how many clients'),
  option('spawnRate', '--spawn-rate <n>', 'closed model: clients started per second'),
  option('rate', '--rate <n>', 'open model: arrivals per second'),
  option('duration', '--duration <time>', 'how long load is made, such as 60s or 5m'),
  option('seed', '--seed <n>', 'every random choice follows from it'),
  option('thresholds', '--threshold <expression>', "what must hold, such as 'p95<500ms'; may be repeated", 'list'),
]

/** How a target is reached; shared by every command that speaks to one. */
export const connectionOptions: readonly RunOption[] = [
  option('ca', '--ca <file>', 'authorities to trust instead of the usual ones (PEM)'),
  option('cert', '--cert <file>', 'certificate the clients show (PEM)'),
  option('key', '--key <file>', 'its private key (PEM)'),
  option('passphrase', '--passphrase <text>', 'of the key; better by its variable, which no process list shows'),
  option('serverName', '--server-name <name>', "name to look for in the server's certificate"),
  option('insecure', '--insecure', "take the server's certificate whatever it is", 'switch'),
  option('proxy', '--proxy <url>', 'HTTP proxy to go through'),
]

const reportingOptions: readonly RunOption[] = [
  option('runner', '--runner <name>', 'native, or artillery: who makes the load of an open pack; native by default'),
  option('workers', '--workers <n>', 'generator processes; by default one less than the cores'),
  option('report', '--report <dir>', 'where the report goes; squall-report/<pack>-<time> by default'),
  option(
    'exports',
    '--export <kind=where>',
    'send the numbers while it runs to csv=FILE, prometheus=[HOST:]PORT or otlp=URL; may be repeated',
    'list',
  ),
  option('quiet', '--quiet', 'no progress and no table, the verdict alone', 'switch'),
  option('json', '--json', 'print summary.json to standard output instead of the table', 'switch'),
]

const fabricOption = option('fabric', '--fabric <url>', 'the Redis of many machines: redis://HOST:PORT, rediss:// with TLS')

const fabricOptions: readonly RunOption[] = [
  { ...fabricOption, help: `let the agents at this Redis make the load: ${fabricOption.help}` },
  option('agents', '--agents <n>', 'with --fabric: wait up to ten minutes until so many agents are there; 1 by default'),
  option('lease', '--lease <time>', 'with --fabric: a lost share waits so long for another agent; 15s by default'),
  option('allowLoss', '--allow-loss <ratio>', 'which share of the load may be lost before exit code 8; 0 by default'),
  option('resume', '--resume <run>', 'with --fabric: take over a run whose controller is gone, by its id'),
]

const debugOptions: readonly RunOption[] = [
  // SQUALL_DEBUG is taken: it shows where in the program a bug is.
  {
    ...option('debug', '--debug', 'one client, every message printed; no load and no report', 'switch'),
    environment: 'SQUALL_RUN_DEBUG',
  },
  option('iterations', '--iterations <n>', 'with --debug: how often the client runs its flow; once by default'),
  option('scenario', '--scenario <name>', 'with --debug: which scenario the client follows; the first by default'),
]

/** All of `squall run`. */
export const runOptions: readonly RunOption[] = [
  ...packOptions,
  ...connectionOptions,
  ...reportingOptions,
  ...fabricOptions,
  ...debugOptions,
]

/** All of `squall capacity`. */
export const capacityOptions: readonly RunOption[] = [
  option('slo', '--slo <terms>', "what every load has to keep, such as 'p95<500ms,failed<1%'"),
  option('target', '--target <url>', 'MCP server to load; without one the embedded Snowflake MCP server is started'),
  option('env', '--env <name>', 'which of config.environments applies'),
  option('maxClients', '--max-clients <n>', 'closed model: no more clients than this; 10,000 by default'),
  option('maxRate', '--max-rate <n>', 'open model: no more arrivals per second than this; 10,000 by default'),
  option('forClients', '--for-clients <n>', 'plan instances for so many clients'),
  option('headroom', '--headroom <share>', 'room to plan above them; 0.3 by default'),
  option('settle', '--settle <time>', 'after each change of load; 5s by default'),
  option('steady', '--steady <time>', 'what is measured of each load; 15s by default'),
  option('confirm', '--confirm <time>', 'what is measured, twice, of the load that was found; 30s by default'),
  option(
    'resolution',
    '--resolution <share>',
    'how near the loads that keep and that break the SLO are to come; 0.05 by default',
  ),
  option('metricsUrl', '--metrics-url <url>', "the target's own Prometheus metrics; /metrics beside the target by default"),
  option('creditsPerHour', '--credits-per-hour <n>', 'of the warehouse behind the target, to say what calls cost: 1 for X-Small'),
  option('seed', '--seed <n>', 'every random choice follows from it'),
  ...connectionOptions,
  option('workers', '--workers <n>', 'generator processes; by default one less than the cores'),
  option('report', '--report <dir>', 'where the report goes; squall-report/<pack>-capacity-<time> by default'),
  option('quiet', '--quiet', 'no progress and no table, the sentence alone', 'switch'),
  option('json', '--json', 'print capacity.json to standard output instead of the table', 'switch'),
]

const minimumEffect = option(
  'minimumEffect',
  '--minimum-effect <share>',
  'the smallest change of a latency that matters; 0.05 by default',
)

/** All of `squall compare`. */
export const compareOptions: readonly RunOption[] = [
  option('base', '--base <url|command>', 'the version to compare with: an address, or a command that prints one'),
  option('candidate', '--candidate <url|command>', 'the version in question: an address, or a command that prints one'),
  option('runs', '--runs <n>', 'runs of each; 10 by default'),
  minimumEffect,
  ...packOptions.filter(({ key }) => key !== 'target' && key !== 'thresholds'),
  ...connectionOptions,
  option('workers', '--workers <n>', 'generator processes; by default one less than the cores'),
  option('report', '--report <dir>', 'where the report goes; squall-report/<pack>-comparison-<time> by default'),
  option('quiet', '--quiet', 'no progress and no table, the sentence alone', 'switch'),
  option('json', '--json', 'print comparison.json to standard output instead of the table', 'switch'),
]

/** All of `squall baseline save`, `check` and `list`. */
export const baselineOptions: readonly RunOption[] = [
  option('from', '--from <dir>', 'a report directory, or one that holds several; may be repeated', 'list'),
  option('store', '--store <dir>', 'where baselines are kept; squall-baselines by default'),
  minimumEffect,
  option('report', '--report <dir>', 'where the report of a check goes; squall-report/<name>-check-<time> by default'),
  option('quiet', '--quiet', 'no table, the sentence alone', 'switch'),
  option('json', '--json', 'print JSON to standard output instead of the table', 'switch'),
]

const allowTarget = option(
  'allowTarget',
  '--allow-target <pattern>',
  'a host load may be made on, such as *.test.example.com or 10.0.0.7:3000; this machine alone by default; may be repeated',
  'list',
)

/** All of `squall agent`. */
export const agentOptions: readonly RunOption[] = [
  fabricOption,
  option('workers', '--workers <n>', 'generator processes at once; by default as many as cores'),
  allowTarget,
]

/** All of `squall serve`. */
export const serveOptions: readonly RunOption[] = [
  { ...fabricOption, help: `let the agents at this Redis make the load, not this machine: ${fabricOption.help}` },
  ofServe('host', '--host <address>', 'where to listen; 127.0.0.1 by default; beyond this machine only with SQUALL_SERVE_TOKEN'),
  ofServe('port', '--port <n>', 'where to listen; 8089 by default, 0 takes a free one'),
  ofServe('allowHost', '--allow-host <name>', 'a name this server is called by beside its addresses; may be repeated', 'list'),
  allowTarget,
  ofServe('packs', '--packs <dir>', 'packs that may be run by their name; those that come with Squall by default'),
  ofServe('data', '--data <dir>', 'where runs and their reports are kept; squall-runs by default'),
  ofServe('atOnce', '--at-once <n>', 'runs at once, others wait their turn; 1 by default'),
  ofServe('keep', '--keep <n>', 'how many runs that are over are kept; 100 by default'),
]

/** Variables of a server that runs for weeks, and those of a single run, must not be taken for each other. */
function ofServe(key: ServeOptionKey, flags: string, help: string, kind: RunOption['kind'] = 'value'): RunOption {
  const named = option(key, flags, help, kind)
  return { ...named, environment: named.environment.replace('SQUALL_', 'SQUALL_SERVE_') }
}

/** All of `squall init`. */
export const initOptions: readonly RunOption[] = [
  option('target', '--target <url|command>', 'MCP server to write a pack for; a command line where it is started by its client'),
  option('transport', '--transport <name>', 'how to speak to it; told by the target unless given'),
  option(
    'headers',
    '--header <name: value>',
    'HTTP header, such as "authorization: Bearer {{ $env.TOKEN }}"; may be repeated',
    'list',
  ),
  option('out', '--out <dir>', "where the pack goes; a folder of the server's name by default"),
  option('force', '--force', 'replace files that are there', 'switch'),
  option('untried', '--untried', 'do not call each reading tool once to see that its arguments work', 'switch'),
  ...connectionOptions,
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
