import { Command, CommanderError, Option } from 'commander'
import { CodedError, type Problem, nearestNames } from '@squall/errors'
import { snowflakeMcpErrors } from './errors.ts'
import type { Setting } from './setting.ts'
import { settings } from './settings.ts'

/** What the command line asks for. */
export type Invocation =
  | { readonly kind: 'help'; readonly text: string }
  | {
      /** To serve, or only to say with which settings. */
      readonly kind: 'serve' | 'print-config'
      /** Raw values by option: `--port` → `8080`. */
      readonly options: ReadonlyMap<string, unknown>
      readonly configFile?: string
      readonly problems: readonly Problem[]
    }

const allSettings: readonly Setting<unknown>[] = Object.values(settings)
const offered = allSettings.flatMap(({ option }) => (option === undefined ? [] : [option]))

/** Reads the command line; what it does not know becomes problems, to be told together with all others. */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const command = createCommand()
  try {
    command.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') return { kind: 'help', text: renderHelp() }
    const message = error.message.replace(/^error: /, '')
    throw new CodedError(snowflakeMcpErrors.SNOWFLAKE_MCP_BAD_CONFIGURATION, { message })
  }
  const values = command.opts<Record<string, unknown>>()
  const options = new Map(command.options.map((option) => [option.long ?? '', values[option.attributeName()]]))
  const configFile = options.get('--config')
  return {
    kind: options.get('--print-config') === true ? 'print-config' : 'serve',
    options,
    ...(typeof configFile === 'string' ? { configFile } : {}),
    problems: command.args.map(unknownArgument),
  }
}

function createCommand(): Command {
  const command = new Command('snowflake-mcp')
  command.addOption(new Option('--config <file>')).addOption(new Option('--print-config'))
  for (const { option, kind } of allSettings)
    if (option !== undefined)
      command.addOption(new Option(kind.placeholder === undefined ? option : `${option} <${kind.placeholder}>`))
  return command
    .allowUnknownOption()
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
}

function unknownArgument(argument: string): Problem {
  if (!argument.startsWith('-')) return { where: argument, expected: 'options only' }
  const [nearest] = nearestNames(argument, [...offered, '--config', '--print-config', '--help'])
  return {
    where: argument,
    expected: nearest === undefined ? 'an option that exists' : `an option that exists, such as ${nearest}`,
  }
}

/** The text of `--help`: every setting with its option, variable, file key, default and an example. */
function renderHelp(): string {
  return [
    'Usage: snowflake-mcp [--host H] [--port N] [--config FILE] | --stdio',
    '',
    'A Snowflake MCP server for many clients: Streamable HTTP at /mcp, or stdio. With no account it starts the embedded Snowflake.',
    'Options beat environment variables, which beat the configuration file (JSON, named by --config or SQUALL_MCP_CONFIG).',
    '',
    ...allSettings.map(describeSetting),
    '  --config <file>',
    '      The configuration file',
    '      variable SQUALL_MCP_CONFIG, example --config snowflake-mcp.json',
    '  --print-config',
    '      Check all settings, say each with where it comes from, without secrets, and end',
    '',
    'Examples:',
    '  snowflake-mcp --port 0',
    '  SNOWFLAKE_ACCOUNT=myorg-myaccount SNOWFLAKE_USER=MCP_READER SNOWFLAKE_PRIVATE_KEY_PATH=key.p8 snowflake-mcp',
    '  echo \'{ "server": { "port": 8080 }, "pool": { "max": 16 } }\' > mcp.json && snowflake-mcp --config mcp.json',
    '',
  ].join('\n')
}

function showValue(kind: Setting<unknown>['kind'], value: unknown): string {
  const shown = kind.show?.(value ?? 0)
  if (shown !== undefined) return shown
  return Array.isArray(value) ? value.join(',') : JSON.stringify(value)
}

function describeSetting({ option, kind, variable, key, about, example, fallback, isSecret }: Setting<unknown>): string {
  const placeholder = kind.placeholder === undefined ? '' : ` <${kind.placeholder}>`
  const facts = [
    `variable ${variable}`,
    `file key ${key}`,
    ...(fallback === undefined ? [] : [`default ${showValue(kind, fallback)}`]),
    ...(isSecret === true
      ? []
      : [
          `example ${option === undefined || kind.placeholder === undefined ? `${variable}=${example}` : `${option} ${example}`}`,
        ]),
  ]
  return `  ${option === undefined ? '(no option)' : `${option}${placeholder}`}\n      ${about}\n      ${facts.join(', ')}`
}
