import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { nearestNames, type Problem } from '@squall/errors'
import { parse } from 'smol-toml'

/** One connection of connections.toml: its values by our names, each with the key it came from. */
export interface NamedConnection {
  readonly values: ReadonlyMap<string, string>
  /** As a message names a value: `private_key_file of [reporting] in /etc/connections.toml`. */
  readonly nameOf: (name: string) => string
}

/** The keys that Snowflake's clients read, and what each is here. Others are theirs alone. */
const keys: Readonly<Record<string, string>> = {
  account: 'account',
  user: 'user',
  username: 'user',
  password: 'password',
  authenticator: 'authenticator',
  private_key_file: 'privateKeyPath',
  private_key_path: 'privateKeyPath',
  private_key_file_pwd: 'privateKeyPassphrase',
  private_key_passphrase: 'privateKeyPassphrase',
  token: 'token',
  token_file_path: 'tokenPath',
  oauth_client_id: 'oauthClientId',
  oauth_client_secret: 'oauthClientSecret',
  oauth_token_request_url: 'oauthTokenUrl',
  oauth_scope: 'oauthScope',
  workload_identity_provider: 'workloadIdentityProvider',
  warehouse: 'warehouse',
  database: 'database',
  schema: 'schema',
  role: 'role',
}

/** Where Snowflake's own clients look. */
export function defaultConnectionsFile(environment: Readonly<Record<string, string | undefined>>): string {
  return join(environment['SNOWFLAKE_HOME'] || join(homedir(), '.snowflake'), 'connections.toml')
}

/** The connections of a file, by name; all that is wrong becomes problems, none of which repeats a value. */
export class ConnectionsFile {
  readonly #path: string
  readonly #sections: ReadonlyMap<string, unknown>
  readonly #problems: Problem[]

  constructor(path: string, where: string, problems: Problem[]) {
    this.#path = path
    this.#problems = problems
    this.#sections = readSections(path, where, problems)
  }

  /** @param where what asks for the connection, for the message */
  connection(name: string, where: string): NamedConnection | undefined {
    const section = this.#sections.get(name)
    if (isTable(section)) return this.#toConnection(name, section)
    // Where the file itself could not be read that is the problem.
    if (this.#sections.size === 0) return undefined
    const names = [...this.#sections.keys()]
    const [nearest] = nearestNames(name, names)
    const hint = nearest === undefined ? `there are ${names.join(', ')}` : `did you mean ${nearest}?`
    this.#problems.push({ where, value: name, expected: `the name of a connection in ${this.#path}`, hint })
    return undefined
  }

  #toConnection(section: string, table: Readonly<Record<string, unknown>>): NamedConnection {
    const values = new Map<string, string>()
    const written = new Map<string, string>()
    for (const [key, value] of Object.entries(table)) {
      const name = keys[key.toLowerCase()]
      if (name === undefined) continue
      written.set(name, key)
      if (typeof value === 'string' && value !== '') values.set(name, value)
      else this.#problems.push({ where: `${key} of [${section}] in ${this.#path}`, expected: 'text' })
    }
    const nameOf = (name: string): string => `${written.get(name) ?? keyFor(name)} of [${section}] in ${this.#path}`
    return { values, nameOf }
  }
}

function keyFor(name: string): string {
  return Object.entries(keys).find(([, ours]) => ours === name)?.[0] ?? name
}

function readSections(path: string, where: string, problems: Problem[]): ReadonlyMap<string, unknown> {
  try {
    const text = readFileSync(path, 'utf8')
    const { mode } = statSync(path)
    // Everybody's eyes on credentials: Snowflake's own clients refuse such a file too.
    if ((mode & 0o077) !== 0)
      problems.push({ where, value: path, expected: 'a file only its owner can read', hint: `chmod 600 ${path}` })
    return new Map(Object.entries(withoutPrefix(parse(text))))
  } catch (error) {
    // The parser shows the line in question, which may hold a secret; its first line does not.
    const [hint = ''] = (error as Error).message.split('\n')
    problems.push({ where, value: path, expected: 'a TOML file of connections that can be read', hint })
    return new Map()
  }
}

/** config.toml of Snowflake's clients has the same connections as `[connections.name]`. */
function withoutPrefix(tables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { connections } = tables
  return isTable(connections) ? connections : tables
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
