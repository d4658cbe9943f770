import { readFileSync } from 'node:fs'
import { CommanderError, type Command } from 'commander'
import { CodedError, type Problem } from '@squall/errors'
import { isLoopback, parsePublicKey, type UserToken, type WarehouseUser } from '@squall/warehouse'
import { readBehaviour, type Behaviour } from './behaviour.ts'
import { createCommand, defaultPassword, renderHelp, type RawOptions } from './command-line.ts'
import { readConfigFile } from './config-file.ts'
import { snowflakeLocalErrors } from './errors.ts'

export interface ServeOptions {
  readonly host: string
  readonly port: number
  readonly dataDirectory: string
  readonly user: WarehouseUser
  readonly behaviour: Behaviour
}

/** What the command line asks for: to serve, or only to be told how. */
export type Invocation =
  | { readonly kind: 'serve'; readonly options: ServeOptions }
  | { readonly kind: 'help'; readonly text: string }

/**
 * Reads command line, environment and configuration file.
 * @param argv the arguments alone, without node and script.
 * @throws CodedError SNOWFLAKE_LOCAL_BAD_OPTION with all problems.
 */
export function parseOptions(argv: readonly string[]): Invocation {
  const command = createCommand()
  try {
    command.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') return { kind: 'help', text: renderHelp(command) }
    throw badOptions([], error.message.replace(/^error: /, ''))
  }
  return { kind: 'serve', options: checkOptions(command) }
}

/** Notes what is wrong with an option's value. */
type Report = (option: keyof RawOptions, problem: Omit<Problem, 'where'>) => void

function checkOptions(command: Command): ServeOptions {
  const problems = findStrayArguments(command.args)
  fillFromFile(command, problems)
  const raw = command.opts<RawOptions>()
  const report: Report = (option, problem) => void problems.push({ where: whereFrom(command, option), ...problem })
  const options = {
    host: raw.host,
    port: readPort(raw, report),
    dataDirectory: raw.data,
    user: readUser(raw, report),
    behaviour: readBehaviour(raw, report),
  }
  if (problems.length > 0) throw badOptions(problems, 'snowflake-local cannot start with these options')
  return options
}

function badOptions(problems: readonly Problem[], message: string): CodedError {
  return new CodedError(snowflakeLocalErrors.SNOWFLAKE_LOCAL_BAD_OPTION, { message, problems })
}

function findStrayArguments(words: readonly string[]): Problem[] {
  return words.map((where) => ({ where, expected: where.startsWith('-') ? 'an option that exists' : 'options only' }))
}

function fillFromFile(command: Command, problems: Problem[]): void {
  const { config } = command.opts<RawOptions>()
  if (config === undefined) return
  for (const [name, value] of Object.entries(readConfigFile(config, problems))) {
    const source = command.getOptionValueSource(name)
    if (source === undefined || source === 'default') command.setOptionValueWithSource(name, value, 'config')
  }
}

function readPort({ port }: RawOptions, report: Report): number {
  const number = Number(port)
  if (/^\d+$/.test(port) && number <= 65_535) return number
  report('port', { value: port, expected: 'a whole number from 0 to 65535' })
  return 0
}

function readUser(raw: RawOptions, report: Report): WarehouseUser {
  const { user: name, password, publicKey, host } = raw
  if (!/^\w[\w.@-]*$/.test(name)) report('user', { value: name, expected: 'letters, digits and any of _ . @ -' })
  for (const secret of ['password', 'accessToken', 'oauthToken'] as const)
    if (raw[secret] === '') report(secret, { expected: 'at least one character' })
  const publicKeys = publicKey === undefined ? [] : readPublicKey(publicKey, report)
  const tokens = readTokens(raw)
  const user = { name, publicKeys, ...(tokens.length > 0 && { tokens }) }
  if (password !== undefined) return { ...user, password }
  if (publicKey !== undefined || tokens.length > 0) return user
  if (!isLoopback(host)) report('host', openNetwork(host))
  return { name, password: defaultPassword }
}

function readTokens({ accessToken, oauthToken }: RawOptions): UserToken[] {
  return [
    ...(accessToken === undefined ? [] : [{ kind: 'programmatic' as const, value: accessToken }]),
    ...(oauthToken === undefined ? [] : [{ kind: 'oauth' as const, value: oauthToken }]),
  ]
}

const openNetwork = (host: string): Omit<Problem, 'where'> => ({
  value: host,
  expected: 'a loopback address, or a password of your own',
  hint: 'set --password, --public-key or a token: the default password is not for the open network',
})

function readPublicKey(file: string, report: Report): string[] {
  try {
    const pem = readFileSync(file, 'utf8')
    parsePublicKey(pem)
    return [pem]
  } catch (error) {
    report('publicKey', { value: file, expected: 'the PEM file of an RSA public key', hint: (error as Error).message })
    return []
  }
}

/** Names a value by where its user wrote it: an option, an environment variable, or a place in the configuration file. */
function whereFrom(command: Command, name: keyof RawOptions): string {
  const option = command.options.find((candidate) => candidate.attributeName() === name)
  const source = command.getOptionValueSource(name)
  if (source === 'config') return `${command.opts<RawOptions>().config ?? ''} ${name}`
  return (source === 'env' ? option?.envVar : option?.long) ?? name
}
