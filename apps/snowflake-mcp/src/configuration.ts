import { CodedError, type Problem } from '@squall/errors'
import { isLoopback, type AccessOptions, type ServerLimits } from '@squall/mcp-server'
import type { PoolOptions } from '@squall/pool'
import type { GatePolicy } from '@squall/sql-policy'
import { chooseAccess } from './choose-access.ts'
import { applyPreset, chooseLimits } from './choose-limits.ts'
import { choosePolicy } from './choose-policy.ts'
import { chooseTools, type ToolChoice } from './choose-tools.ts'
import { chooseSnowflake, type SnowflakeChoice } from './choose-snowflake.ts'
import { snowflakeMcpErrors } from './errors.ts'
import type { ObservationChoice } from './observe/start-observation.ts'
import { readSettings, type ReadSettings, type SettingSources } from './read-settings.ts'
import type { SettingValues } from './settings.ts'

/** What the program does, checked and whole. */
export interface Configuration {
  readonly serve: HttpServing | { readonly kind: 'stdio' }
  readonly snowflake: SnowflakeChoice
  readonly pool: PoolOptions
  readonly limits: ServerLimits
  readonly policy: GatePolicy
  readonly tools: ToolChoice
  readonly drainTimeoutMs: number
  readonly logLevel: SettingValues['logLevel']
  readonly observe: ObservationChoice
}

export interface HttpServing {
  readonly kind: 'http'
  readonly host: string
  readonly port: number
  /** That serve behind the one port. */
  readonly processes: number
  readonly allowedHosts: readonly string[]
  readonly maxBodyBytes: number
  readonly trustedProxies?: readonly string[]
  readonly access: Omit<AccessOptions, 'clock'>
}

/** A session unused for this long is asked whether it still lives before it is handed out. */
const validateAfterIdleMs = 30_000

/**
 * Reads the whole configuration.
 * @param known problems found before, to be told together with those found here.
 * @throws CodedError SNOWFLAKE_MCP_BAD_CONFIGURATION with every problem; SNOWFLAKE_MCP_OPEN_TO_ALL.
 */
export function readConfiguration(sources: SettingSources, known: readonly Problem[] = []): Configuration {
  const read = readSettings(sources)
  const problems = [...known, ...read.problems]
  const snowflake = chooseSnowflake(read, sources.environment, problems)
  const access = chooseAccess(read, problems)
  const policy = choosePolicy(read, problems)
  const tools = chooseTools(read, snowflake, policy, problems)
  const { nameOf } = read
  const values = applyPreset(read)
  const limits = chooseLimits(values, read, problems)
  if (values.poolMin > values.poolMax)
    problems.push({
      where: nameOf('poolMin'),
      value: values.poolMin,
      expected: `at most ${nameOf('poolMax')}, which is ${values.poolMax}`,
    })
  if (values.processes > values.poolMax)
    problems.push({
      where: nameOf('processes'),
      value: values.processes,
      expected: `at most ${nameOf('poolMax')}, which is ${values.poolMax}: each process needs a session in Snowflake of its own`,
    })
  if (values.stdio && values.processes > 1)
    problems.push({ where: nameOf('processes'), value: values.processes, expected: `1, as ${nameOf('stdio')} serves one client` })
  if (values.stdio && values.audit === 'stdout')
    problems.push({
      where: nameOf('audit'),
      value: values.audit,
      expected: `a file or stderr, as ${nameOf('stdio')} gives standard output to the protocol`,
    })
  if (problems.length > 0) {
    const message = `snowflake-mcp cannot start with ${problems.length === 1 ? 'this setting' : 'these settings'}:`
    throw new CodedError(snowflakeMcpErrors.SNOWFLAKE_MCP_BAD_CONFIGURATION, { message, problems })
  }
  return {
    serve: values.stdio ? { kind: 'stdio' } : chooseHttp(read, access),
    snowflake,
    pool: toPoolOptions(values),
    limits,
    policy,
    tools,
    drainTimeoutMs: values.drainTimeoutMs,
    logLevel: values.logLevel,
    observe: chooseObservation(values),
  }
}

function chooseObservation(values: SettingValues): ObservationChoice {
  const { slowQueryMs, snowflakeTimesIntervalMs, audit: target, traceEndpoint: endpoint } = values
  const { auditMaxFileBytes: maxFileBytes, auditMaxFiles: maxFiles, auditWhenFailing: whenFailing } = values
  return {
    slowQueryMs,
    snowflakeTimesIntervalMs,
    ...(target !== undefined && { audit: { target, maxFileBytes, maxFiles, whenFailing } }),
    ...(endpoint !== undefined && { traces: { endpoint, sampleRatio: values.traceSampleRatio } }),
  }
}

function chooseHttp({ values, nameOf }: ReadSettings, access: HttpServing['access']): HttpServing {
  const { host, port, processes, maxBodyBytes, trustedProxies, publicUrl } = values
  const isGuarded = access.keys.length > 0 || access.oauth !== undefined
  if (!isLoopback(host) && !isGuarded)
    throw new CodedError(snowflakeMcpErrors.SNOWFLAKE_MCP_OPEN_TO_ALL, {
      message: `snowflake-mcp does not listen on ${host}: anyone who can reach it could read what it can read.`,
      problems: [
        {
          where: nameOf('host'),
          value: host,
          expected: `an address of this machine alone (127.0.0.1, ::1 or localhost), or ${nameOf('keysFile')} or ${nameOf('oauthIssuer')} beside it`,
        },
      ],
    })
  const allowedHosts = publicUrl === undefined ? values.allowedHosts : [...values.allowedHosts, new URL(publicUrl).hostname]
  const proxies = trustedProxies === undefined ? {} : { trustedProxies }
  return { kind: 'http', host, port, processes, allowedHosts, maxBodyBytes, access, ...proxies }
}

function toPoolOptions(values: SettingValues): PoolOptions {
  return {
    min: values.poolMin,
    max: values.poolMax,
    acquireTimeoutMs: values.acquireTimeoutMs,
    idleTimeoutMs: values.poolIdleTimeoutMs,
    maxLifetimeMs: values.poolMaxLifetimeMs,
    // Calls were let in already: the limit of calls in the server is the limit here.
    maxWaiting: values.maxConcurrent,
    validateAfterIdleMs,
    leakAfterMs: values.poolLeakAfterMs,
  }
}
