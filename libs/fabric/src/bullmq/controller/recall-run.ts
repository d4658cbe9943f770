import { CodedError } from '@squall/errors'
import type { LoadPlan } from '@squall/load-plan'
import { parseAnnouncement, parseFleetOrder, parsePlan, protocolVersion, type Announcement } from '@squall/load-protocol'
import { fabricErrors } from '../../errors.ts'
import { fleetKeys, runKeys } from '../keys.ts'
import { OrderBook } from '../order-book.ts'
import type { FabricContext } from './fabric-context.ts'

/** @throws CodedError FABRIC_NO_SUCH_RUN, FABRIC_OTHER_SECRET, FABRIC_OTHER_VERSION */
export async function readAnnouncement(runId: string, { redis, seal, settings }: FabricContext): Promise<Announcement> {
  const bytes = await redis.hgetBuffer(fleetKeys.active, runId)
  const announcement = parseAnnouncement(seal.open(bytes ?? noSuchRun(runId), `${fleetKeys.active}:${runId}`))
  const { squallVersion, protocolVersion: spoken } = announcement
  if (spoken === protocolVersion && squallVersion === settings.squallVersion) return announcement
  throw new CodedError(fabricErrors.FABRIC_OTHER_VERSION, {
    message: `run ${runId} was begun by Squall ${squallVersion}, protocol ${spoken}; this is Squall ${settings.squallVersion}, protocol ${protocolVersion}`,
    hint: 'Take it over with the version that began it: agents and controllers of different versions do not understand each other.',
  })
}

/** @throws CodedError FABRIC_NO_SUCH_RUN, FABRIC_OTHER_SECRET */
export async function readPlan(runId: string, { redis, seal }: FabricContext): Promise<LoadPlan> {
  const { plan } = runKeys(runId)
  return parsePlan(seal.open((await redis.getBuffer(plan)) ?? noSuchRun(runId), plan))
}

/** @returns what its controllers have ordered so far; a run is steered by few orders. */
export async function readOrders(runId: string, { redis, seal }: FabricContext): Promise<OrderBook> {
  const { orders } = runKeys(runId)
  const book = new OrderBook()
  for (const [, [, bytes]] of await redis.xrangeBuffer(orders, '-', '+'))
    book.take(parseFleetOrder(seal.open(bytes ?? Buffer.alloc(0), orders)))
  return book
}

function noSuchRun(runId: string): never {
  throw new CodedError(fabricErrors.FABRIC_NO_SUCH_RUN, { message: `there is no run ${runId} that could be taken over` })
}
