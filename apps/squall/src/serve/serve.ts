import { once } from 'node:events'
import { CodedError, exitCodes, type ExitCode } from '@squall/errors'
import { openBullmqFabric } from '@squall/fabric'
import { shownTarget } from '@squall/load-plan'
import type { Lifetime } from '@squall/program'
import { systemClock } from '@squall/time'
import type { FastifyInstance } from 'fastify'
import { join } from 'node:path'
import { squallErrors } from '../errors.ts'
import { readSummary } from '../regression/read-summary.ts'
import { shippedPacks } from '../run/resolve-pack.ts'
import type { ServeSettings } from '../settings/serve-settings.ts'
import { squallVersion } from '../squall-version.ts'
import { createApp } from './http/create-app.ts'
import { FleetLink } from './fleet-link.ts'
import { isRedisAway, launchPatiently, redisPatience } from './launch-patiently.ts'
import { createLauncher } from './launch-run.ts'
import { OrderReader } from './order-reader.ts'
import { openPackShelf } from './pack-shelf.ts'
import { isOver } from './run-file.ts'
import { RunRegistry } from './run-registry.ts'
import { RunStore } from './run-store.ts'

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/**
 * Takes runs from whoever may ask for them, and owns them, until the program is stopped.
 * @throws CodedError of the settings, the data directory, Redis and the port, before anything is run.
 */
export async function serve(settings: ServeSettings, { stopping, ready }: Lifetime): Promise<ExitCode> {
  await using cleanUp = new AsyncDisposableStack()
  checkShelf(settings)
  const store = await RunStore.open(settings.dataDirectory)
  cleanUp.defer(() => store.close())
  const fleet = await openFleet(settings, store)
  cleanUp.defer(() => fleet?.close())
  const registry = createRegistry(settings, store)
  const reader = createReader(settings)
  cleanUp.defer(() => reader.close())
  const app = createServer(settings, { registry, store, reader, fleet })
  cleanUp.defer(() => app.close())
  const url = await listen(app, settings)
  const maker = settings.fabric === undefined ? 'this machine' : `the agents at ${shownTarget(settings.fabric.url)}`
  ready(`squall serve takes runs at ${url}; ${maker} will make them`, { url })
  registry.adopt()
  if (!stopping.aborted) await once(stopping, 'abort')
  await registry.close()
  return exitCodes.ok
}

/** @throws CodedError SQUALL_BAD_OPTIONS */
function checkShelf({ packsDirectory = shippedPacks }: ServeSettings): void {
  try {
    openPackShelf(packsDirectory).names()
  } catch (cause) {
    const hint = (cause as Error).message
    const problems = [{ where: '--packs', value: packsDirectory, expected: 'a folder that can be read', hint }]
    throw new CodedError(squallErrors.SQUALL_BAD_OPTIONS, { message: 'this server cannot be started', problems, cause })
  }
}

/** @throws CodedError of a Redis that cannot be used; one that is away is waited for by the runs that are here already, if there are any. */
async function openFleet({ fabric }: ServeSettings, store: RunStore): Promise<FleetLink | undefined> {
  if (fabric === undefined) return undefined
  const fleet = new FleetLink(() => openBullmqFabric({ ...fabric, squallVersion }))
  try {
    await fleet.connect()
  } catch (error) {
    const waiting = store.readAll(() => undefined).filter((run) => run.fabric === 'bullmq' && !isOver(run)).length
    if (!isRedisAway(error) || waiting === 0) throw error
    say(
      `${error.message}; ${waiting === 1 ? 'the run' : `the ${waiting} runs`} that this server has to go on with will wait for it`,
    )
  }
  return fleet
}

function createRegistry({ fabric, atOnce, keep }: ServeSettings, store: RunStore): RunRegistry {
  return new RunRegistry({
    store,
    fabric: fabric === undefined ? 'local' : 'bullmq',
    launch: launchPatiently(createLauncher(fabric), { clock: systemClock, ...redisPatience }),
    readSummary: (directory) => readSummary(join(directory, 'summary.json')),
    atOnce,
    keep,
    wallMs: () => systemClock.wallMs(),
    say,
  })
}

function createReader({ packsDirectory = shippedPacks, allowTargets, fabric }: ServeSettings): OrderReader {
  return new OrderReader({ rules: { packsDirectory, allowTargets, fabricUrl: fabric?.url }, clock: systemClock })
}

interface Parts {
  readonly registry: RunRegistry
  readonly store: RunStore
  readonly reader: OrderReader
  readonly fleet: FleetLink | undefined
}

function createServer(settings: ServeSettings, { registry, store, reader, fleet }: Parts): FastifyInstance {
  const { allowHosts, token } = settings
  return createApp({
    registry,
    readOrder: (sent) => reader.read(sent),
    reportDirectory: ({ file }) => store.reportDirectory(file),
    clock: systemClock,
    token,
    hosts: allowHosts,
    squallVersion,
    listAgents: fleet && (() => fleet.agents()),
    onDefect: (error) => say(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  })
}

/** @throws CodedError SQUALL_SERVE_CANNOT_LISTEN */
async function listen(app: FastifyInstance, { host, port }: ServeSettings): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const why = code === 'EADDRINUSE' ? 'another program listens there' : message
    throw new CodedError(squallErrors.SQUALL_SERVE_CANNOT_LISTEN, { message: `cannot listen on ${host}:${port}: ${why}`, cause })
  }
}
