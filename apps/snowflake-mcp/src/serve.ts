import { once } from 'node:events'
import { exitCodes, type ExitCode } from '@squall/errors'
import {
  createAccess,
  createServerCore,
  isLoopback,
  listenHttp,
  serveStdio,
  type Backend,
  type ServerCore,
  type ServerInfo,
} from '@squall/mcp-server'
import type { Lifetime } from '@squall/program'
import { createGate } from '@squall/sql-policy'
import { systemClock } from '@squall/time'
import type { Logger } from 'pino'
import { moreTools } from './more-tools.ts'
import type { SnowflakeChoice } from './choose-snowflake.ts'
import type { Configuration, HttpServing } from './configuration.ts'
import { surviveDriverFaults } from './driver-faults.ts'
import { describeBackend } from './describe-backend.ts'
import { startObservation } from './observe/start-observation.ts'
import { noUserSignIns, openConnections, type SnowflakeConnections } from './open-connections.ts'
import { startEmbeddedSnowflake, type Access, type EmbeddedSnowflake } from './embedded-snowflake.ts'
import type { Membership } from './processes/membership.ts'

/** What serves as Snowflake, how to sign in to it, and how to let it go. */
interface Snowflake {
  readonly backend: Backend
  readonly access: () => Access
  readonly stop: () => Promise<void>
}

/** One of several processes that stops serves what has come to it already; requests on the way arrive within this time. */
const yieldMs = 500

/** Once calls have drained, sessions in Snowflake are closed; they may take this long. */
const poolDrainMs = 500

/**
 * Serves until told to stop, then takes no new calls, lets those in flight finish, and closes everything.
 * @throws CodedError where Snowflake cannot be reached or refuses the sign-in, or the port cannot be had.
 */
export async function serve(configuration: Configuration, surroundings: Surroundings): Promise<ExitCode> {
  const { logger, info, membership } = surroundings
  using _survival = surviveDriverFaults(logger)
  await using cleanUp = new AsyncDisposableStack()
  const observation = await startObservation(configuration.observe, { clock: systemClock, logger, version: info.version })
  cleanUp.defer(() => observation.close())
  const snowflake = await openSnowflake(configuration.snowflake, surroundings)
  cleanUp.defer(snowflake.stop)
  const users = configuration.snowflake.kind === 'account' ? configuration.snowflake.users : noUserSignIns
  const connections = openConnections({
    clock: systemClock,
    pool: configuration.pool,
    access: snowflake.access,
    users,
    onLeak: ({ holder, heldMs }) => logger.error({ requestId: holder, heldMs }, 'a session in Snowflake was not given back'),
  })
  cleanUp.defer(() => connections.drain(poolDrainMs))
  // A wrong password or an unreachable account is better told now than to the first client.
  await tryOut(connections, Math.max(signInPatienceMs, configuration.pool.acquireTimeoutMs), surroundings)
  const core = createServerCore({
    clock: systemClock,
    connections,
    checkReadOnly: createGate(configuration.policy),
    backend: snowflake.backend,
    limits: configuration.limits,
    toolGroups: configuration.tools.groups,
    moreTools: moreTools(configuration.tools, users, {
      timeoutMs: configuration.limits.queryTimeoutMs,
      clock: systemClock,
    }),
    ...(membership !== undefined && { newSessionId: membership.newSessionId }),
    ...(configuration.serve.kind === 'http' && {
      access: createAccess({
        clock: systemClock,
        ...configuration.serve.access,
        onRefused: observation.onCredentialRefused,
        onTrouble: (error) => logger.warn({ err: error }, 'the keys of the authorization server cannot be had'),
      }),
    }),
    onBug: (error, { requestId, tool }) => logger.error({ err: error, requestId, tool }, 'a tool call met a bug'),
    onCallEnd: observation.onCallEnd,
    onLateStatement: observation.onLateStatement,
    admission: observation.admission,
    healthChecks: observation.healthChecks,
    slowStatements: observation.slow,
  })
  observation.addMetrics(core.metrics.instruments, connections)
  cleanUp.defer(() => core.drain(configuration.drainTimeoutMs))
  // Awaited here: the stack closes everything as soon as this function is left.
  if (configuration.serve.kind === 'stdio') return await serveOverStdio(core, surroundings)
  return await serveOverHttp(core, configuration.serve, configuration.drainTimeoutMs, surroundings)
}

/** How long Snowflake may take, at least, to sign the server in when it starts. What a call may wait for a session is another thing, and may be less. */
const signInPatienceMs = 30_000

async function tryOut(connections: SnowflakeConnections, timeoutMs: number, { lifetime, logger }: Surroundings): Promise<void> {
  const lease = await connections.acquire({ signal: lifetime.stopping, timeoutMs })
  if (lease.resource.context().database === null)
    logger.warn(
      'sessions in Snowflake start without a database: queries that name none may need a new session each; set SNOWFLAKE_DATABASE',
    )
  await lease.release()
}

async function openSnowflake(choice: SnowflakeChoice, { lifetime, logger, membership }: Surroundings): Promise<Snowflake> {
  if (choice.kind === 'account') {
    const { options } = choice
    const backend: Backend = { kind: 'account', account: options.account, state: () => 'up', detail: () => 'account' }
    return { backend, access: () => ({ options }), stop: async () => undefined }
  }
  if (membership !== undefined) return { ...(await membership.embedded()), stop: async () => undefined }
  const embedded: EmbeddedSnowflake = await startEmbeddedSnowflake({
    ...choice,
    clock: systemClock,
    signal: lifetime.stopping,
    onTrouble: (message) => logger.error(message),
  })
  return { backend: embedded, access: embedded.access, stop: embedded.stop }
}

/** What a running server lives in. */
export interface Surroundings {
  readonly lifetime: Lifetime
  readonly logger: Logger
  readonly info: ServerInfo
  /** Present where this is one of several processes behind one port. */
  readonly membership?: Membership
}

async function serveOverHttp(
  core: ServerCore,
  serving: HttpServing,
  drainTimeoutMs: number,
  { lifetime, logger, info, membership }: Surroundings,
): Promise<ExitCode> {
  const onError = (error: Error): void => logger.debug({ err: error }, 'a request was refused')
  const together = membership === undefined ? {} : { siblings: membership.siblings, takeElsewhere: membership.takeElsewhere }
  const listener = await listenHttp(core, { ...serving, ...together, info, onError })
  if (membership !== undefined) membership.ready(core, listener)
  else lifetime.ready(`snowflake-mcp listening on ${listener.url} (${describeBackend(core.backend)})`, { url: listener.url })
  if (!isLoopback(serving.host))
    logger.warn('keys and tokens cross the network as they are unless a proxy with TLS stands in front (docs/securing.md)')
  await stopAsked(lifetime)
  if (membership !== undefined) await Promise.all([listener.yieldTo(yieldMs), membership.yielding()])
  // Calls finish first, so that their replies still have a socket to go out by.
  await core.drain(drainTimeoutMs)
  await listener.close()
  await membership?.farewell()
  return exitCodes.ok
}

async function serveOverStdio(core: ServerCore, { lifetime, logger, info }: Surroundings): Promise<ExitCode> {
  const onError = (error: Error): void => logger.warn({ err: error }, 'a message was refused')
  const listener = serveStdio(core, { info, onError })
  lifetime.ready(`snowflake-mcp serving on standard input and output (${describeBackend(core.backend)})`)
  await Promise.race([stopAsked(lifetime), listener.closed])
  await listener.close()
  return exitCodes.ok
}

async function stopAsked({ stopping }: Lifetime): Promise<void> {
  if (!stopping.aborted) await once(stopping, 'abort')
}
