import { readFileSync } from 'node:fs'
import { CodedError, type Problem } from '@squall/errors'
import { parseOwnTools, type SemanticModel, type Tool, type ToolGroup } from '@squall/mcp-server'
import type { SnowflakeOptions } from '@squall/snowflake'
import { createGate, parseObjectName, type GatePolicy } from '@squall/sql-policy'
import { parse as parseYaml } from 'yaml'
import type { SnowflakeChoice } from './choose-snowflake.ts'
import type { ReadSettings } from './read-settings.ts'

/** Which tools the server offers. */
export interface ToolChoice {
  readonly groups: readonly ToolGroup[]
  /** Of the operator's own. */
  readonly own: readonly Tool[]
  readonly cortex?: CortexChoice
}

export interface CortexChoice {
  /** Search services by their whole names. */
  readonly services: readonly string[]
  readonly model?: SemanticModel
  readonly baseUrl: string
  /** How to sign in; never by password. */
  readonly account: SnowflakeOptions
}

/** Puts together the tools; everything wrong with them becomes a problem. */
export function chooseTools(read: ReadSettings, snowflake: SnowflakeChoice, policy: GatePolicy, problems: Problem[]): ToolChoice {
  const { values, nameOf } = read
  const own = values.ownTools === undefined ? [] : readOwnTools(values.ownTools, nameOf('ownTools'), policy, problems)
  const cortex = chooseCortex(read, snowflake, problems)
  return { groups: values.tools, own, ...(cortex !== undefined && { cortex }) }
}

function readOwnTools(file: string, where: string, policy: GatePolicy, problems: Problem[]): readonly Tool[] {
  try {
    // JSON is YAML.
    const { tools, problems: found } = parseOwnTools(parseYaml(readFileSync(file, 'utf8')), file, createGate(policy))
    problems.push(...found)
    return tools
  } catch (error) {
    problems.push({ where, value: file, expected: 'a YAML or JSON file that can be read', hint: (error as Error).message })
    return []
  }
}

/** What Snowflake's REST interfaces take. */
const cortexSignIns: ReadonlySet<string> = new Set(['SNOWFLAKE_JWT', 'OAUTH', 'PROGRAMMATIC_ACCESS_TOKEN'])

function chooseCortex(
  { values, nameOf }: ReadSettings,
  snowflake: SnowflakeChoice,
  problems: Problem[],
): CortexChoice | undefined {
  const { cortexSearch: services = [], cortexAnalyst: model, cortexUrl } = values
  if (services.length === 0 && model === undefined) return undefined
  const where = nameOf(services.length > 0 ? 'cortexSearch' : 'cortexAnalyst')
  for (const service of services) problems.push(...nameProblems(service, nameOf('cortexSearch')))
  const semantic = model === undefined ? undefined : readModel(model, nameOf('cortexAnalyst'), problems)
  if (snowflake.kind === 'embedded') {
    problems.push({ where, expected: `an account, as the embedded Snowflake has no Cortex: set ${nameOf('account')}` })
    return undefined
  }
  const { options: account } = snowflake
  if (!cortexSignIns.has(account.authenticator))
    problems.push({
      where,
      expected: `a token or a private key, as Cortex takes nothing else: set ${nameOf('token')} or ${nameOf('privateKeyPath')}`,
    })
  const baseUrl = cortexUrl ?? account.accessUrl ?? `https://${account.account}.snowflakecomputing.com`
  return { services, ...(semantic !== undefined && { model: semantic }), baseUrl, account }
}

function readModel(text: string, where: string, problems: Problem[]): SemanticModel {
  if (text.startsWith('@')) return { file: text }
  problems.push(...nameProblems(text, where))
  return { view: text }
}

function nameProblems(text: string, where: string): readonly Problem[] {
  try {
    const isWhole = parseObjectName(text, where).length === 3
    return isWhole ? [] : [{ where, value: text, expected: 'a whole name: database.schema.name' }]
  } catch (error) {
    if (error instanceof CodedError) return error.problems
    throw error
  }
}
