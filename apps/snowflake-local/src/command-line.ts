import { homedir } from 'node:os'
import { join } from 'node:path'
import { Command, Option } from 'commander'

/** Valid on this machine alone, and only where no other credentials are given. */
export const defaultPassword = 'squall-local'

/** Option values as text: from the command line, the environment, the configuration file or the defaults, in that order. */
export interface RawOptions {
  readonly port: string
  readonly host: string
  readonly data: string
  readonly user: string
  readonly password?: string
  readonly publicKey?: string
  readonly accessToken?: string
  readonly oauthToken?: string
  readonly slots?: string
  readonly resumeDelay?: string
  readonly latency?: string
  readonly faults?: string
  readonly chunkRows?: string
  readonly config?: string
}

/** Options, their environment variables and their names in a configuration file. */
export function createCommand(): Command {
  const command = new Command('snowflake-local')
    .description(
      'A Snowflake of your own: the account LOCAL, served over HTTP to unmodified drivers, with sample data in DuckDB.',
    )
    .helpOption('--help', 'show this text')
    .configureHelp({ helpWidth: 120 })
    // Unknown options are reported together with the other problems.
    .allowUnknownOption()
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
  for (const option of createOptions()) command.addOption(option)
  return command
}

/** Help, with the place of each option in a configuration file and an example. */
export function renderHelp(command: Command): string {
  return `${command.helpInformation()}
A configuration file is a JSON object: { "port", "host", "data", "user", "password", "publicKey", "accessToken",
"oauthToken", "slots", "resumeDelay", "latency", "faults", "chunkRows" }, each optional; "faults" is an object there.
Options beat environment variables, which beat the file.

Example:
  snowflake-local --port 3010
  then connect a driver with accessUrl http://127.0.0.1:3010, account LOCAL, username SQUALL, password ${defaultPassword}
  snowflake-local --slots 2 --latency 50ms..200ms --faults '{ "throttle": { "ratio": 0.01 } }'
`
}

function createOptions(): Option[] {
  const passwordDefault = `default: "${defaultPassword}", on loopback and without other credentials`
  return [
    new Option('--port <number>', 'TCP port; 0 takes a free one').env('SNOWFLAKE_LOCAL_PORT').default('3010'),
    new Option('--host <address>', 'address to listen on').env('SNOWFLAKE_LOCAL_HOST').default('127.0.0.1'),
    new Option('--data <directory>', 'where sample data is kept').env('SNOWFLAKE_LOCAL_DATA').default(defaultDataDirectory()),
    new Option('--user <name>', 'the user who may sign in').env('SNOWFLAKE_LOCAL_USER').default('SQUALL'),
    new Option('--password <text>', `their password (${passwordDefault})`).env('SNOWFLAKE_LOCAL_PASSWORD'),
    new Option('--public-key <file>', 'PEM file of their RSA public key').env('SNOWFLAKE_LOCAL_PUBLIC_KEY'),
    new Option('--access-token <text>', 'a programmatic access token of theirs').env('SNOWFLAKE_LOCAL_ACCESS_TOKEN'),
    new Option('--oauth-token <text>', 'an OAuth access token of theirs').env('SNOWFLAKE_LOCAL_OAUTH_TOKEN'),
    new Option('--slots <number>', 'statements a warehouse runs at once; the others queue').env('SNOWFLAKE_LOCAL_SLOTS'),
    new Option('--resume-delay <duration>', 'how long a suspended warehouse takes to start').env('SNOWFLAKE_LOCAL_RESUME_DELAY'),
    new Option('--latency <duration>', 'statements take longer: 100ms, 50ms..200ms, or 100ms~0.5 (log-normal: median~sigma)').env(
      'SNOWFLAKE_LOCAL_LATENCY',
    ),
    new Option('--faults <json>', 'faults at work from the start: options by kind, as the admin API takes them').env(
      'SNOWFLAKE_LOCAL_FAULTS',
    ),
    new Option('--chunk-rows <number>', 'rows in each chunk of a large result (default: 10000)').env(
      'SNOWFLAKE_LOCAL_CHUNK_ROWS',
    ),
    new Option('--config <file>', 'configuration file').env('SNOWFLAKE_LOCAL_CONFIG'),
  ]
}

function defaultDataDirectory(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return join(cache, 'squall', 'snowflake-local')
}
