import cluster from 'node:cluster'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { exitCodes, type ExitCode } from '@squall/errors'
import { toListenError } from '@squall/mcp-server'
import type { Lifetime } from '@squall/program'
import { systemClock } from '@squall/time'
import type { Logger } from 'pino'
import type { Configuration, HttpServing } from '../configuration.ts'
import { describeBackend } from '../describe-backend.ts'
import { startEmbeddedSnowflake, type EmbeddedSnowflake } from '../embedded-snowflake.ts'
import type { EmbeddedNow } from './messages.ts'
import { Supervisor } from './supervisor.ts'
import type { WorkerEnd } from './worker-process.ts'

/** What a worker needs beyond the time its calls have to finish. */
const closingMs = 1500

type Multiple = Configuration & { readonly serve: HttpServing }

/** Whether several processes are to serve. */
export function isMultiple(configuration: Configuration): configuration is Multiple {
  return configuration.serve.kind === 'http' && configuration.serve.processes > 1
}

/**
 * Runs several worker processes behind one port until told to stop. SIGUSR2 replaces them one after the other.
 * @throws CodedError where the embedded Snowflake cannot be started.
 */
export async function supervise(configuration: Multiple, lifetime: Lifetime, logger: Logger): Promise<ExitCode> {
  const { serve, drainTimeoutMs } = configuration
  const { processes } = serve
  await using cleanUp = new AsyncDisposableStack()
  const embedded = await openEmbedded(configuration, lifetime, logger, () => supervisor.embeddedChanged())
  if (embedded !== undefined) cleanUp.defer(embedded.stop)
  // Workers accept connections themselves: one that was on its way to a worker that is killed would be lost, and its client wait in vain.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({ args: process.argv.slice(2), serialization: 'advanced' })
  const supervisor: Supervisor = new Supervisor({
    clock: systemClock,
    logger,
    processes,
    port: await settlePort(serve),
    graceMs: drainTimeoutMs + closingMs,
    embedded: () => (embedded === undefined ? undefined : describeEmbedded(embedded)),
  })
  cleanUp.defer(() => supervisor.stop())
  const started = await supervisor.start()
  // The worker has told why on standard error.
  if (typeof started !== 'string') return toExitCode(started)
  const roll = (): void => void supervisor.restartAll()
  process.on('SIGUSR2', roll)
  cleanUp.defer(() => void process.off('SIGUSR2', roll))
  const backend = describeBackend(embedded ?? { kind: 'account', account: accountOf(configuration) })
  lifetime.ready(`snowflake-mcp listening on ${started} with ${processes} processes (${backend})`, { url: started })
  if (!lifetime.stopping.aborted) await once(lifetime.stopping, 'abort')
  return exitCodes.ok
}

function accountOf({ snowflake }: Configuration): string {
  return snowflake.kind === 'account' ? snowflake.options.account : ''
}

async function openEmbedded(
  { snowflake }: Configuration,
  { stopping }: Lifetime,
  logger: Logger,
  onChange: () => void,
): Promise<EmbeddedSnowflake | undefined> {
  if (snowflake.kind === 'account') return undefined
  const onTrouble = (message: string): void => logger.error(message)
  return startEmbeddedSnowflake({ ...snowflake, clock: systemClock, signal: stopping, onTrouble, onChange })
}

function describeEmbedded(embedded: EmbeddedSnowflake): EmbeddedNow {
  const detail = embedded.detail()
  if (embedded.state() !== 'up') return { state: 'restarting', detail }
  return { state: 'up', detail, options: embedded.access().options }
}

/** All workers, and those started later in place of others, listen on one port, also where any free one will do. */
async function settlePort({ host, port }: HttpServing): Promise<number> {
  const probe = createServer().listen(port, host)
  try {
    await once(probe, 'listening')
  } catch (error) {
    // Told once, and not by each worker.
    throw toListenError(error as NodeJS.ErrnoException, host, port)
  }
  // A server that listens on TCP has an address with a port.
  const { port: free } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return free
}

function toExitCode({ code }: WorkerEnd): ExitCode {
  return Object.values(exitCodes).find((known) => known === code && known !== exitCodes.ok) ?? exitCodes.internal
}
