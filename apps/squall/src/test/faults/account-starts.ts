import { createArrivalSchedule, planDurationMs } from '@squall/load-plan'
import type { Gap } from '@squall/report'
import { epochsOf, sum, type ArrivedCall, type CountedSecond, type Evidence } from './evidence.ts'
import { closedClients, paceMs, pacedOffsetMs, type PackName } from './fault-packs.ts'

/** What became of the calls that a plan owes, one by one. */
export interface Account {
  readonly planned: number
  readonly arrived: number
  /** Due in a stretch that the report calls a gap of their shard. */
  readonly inGaps: number
  /** Due just before such a stretch: under way, or about to be, when their generator was lost. */
  readonly underWay: number
  /** Not made, and told: as starts that were dropped, or as calls that failed. */
  readonly toldMissing: number
  /** Due, not made, and not told. */
  readonly unaccounted: readonly DueCall[]
  /** Numbers that arrived more than once. */
  readonly repeated: readonly number[]
}

export interface DueCall {
  readonly shard: number
  /** Of the generator whose business it was. */
  readonly epoch: number
  readonly number: number
  /** Since T0. */
  readonly dueMs: number
}

/** From the moment a call is due until it is counted, on a machine with other work. */
const longestWayMs = 500
/** Between two calls of a client that thinks for a tenth of a second. */
const longestThinkMs = 1_000
/** What the pace of a client, as it is read off its arrivals, may be wrong by. */
const roundingMs = 40

/** Accounts for every call that the plan owes by its arithmetic. */
export function accountStarts(evidence: Evidence, pack: PackName): Account {
  const due = { closed: owedClosed, paced: owedPaced, ramp: owedRamp }[pack](evidence)
  const arrived = new Set(evidence.calls.map(keyOf))
  const missing = due.filter((call) => !arrived.has(keyOf(call)))
  const gapsOf = (call: DueCall): Gap[] => evidence.gaps.filter(({ shard }) => shard === call.shard)
  const inGap = missing.filter((call) => gapsOf(call).some((gap) => isWithin(call.dueMs, gap, 0)))
  const rest = missing.filter((call) => !inGap.includes(call))
  const underWay = rest.filter((call) => gapsOf(call).some((gap) => isWithin(call.dueMs, gap, longestWayMs)))
  const unexplained = rest.filter((call) => !underWay.includes(call))
  const unaccounted = withoutTold(evidence, unexplained, pack === 'closed' ? toldOfClients : toldOfCalls)
  return {
    planned: due.length,
    arrived: due.length - missing.length,
    inGaps: inGap.length,
    underWay: underWay.length,
    toldMissing: unexplained.length - unaccounted.length,
    unaccounted,
    repeated: repeatedNumbers(evidence.calls, pack),
  }
}

const isWithin = (dueMs: number, { fromSecond, toSecond }: Gap, earlierMs: number): boolean =>
  dueMs >= fromSecond * 1000 - earlierMs && dueMs < toSecond * 1000

const keyOf = ({ shard, epoch, number }: Pick<DueCall, 'shard' | 'epoch' | 'number'>): string => `${shard}.${epoch}.${number}`

/** How many of a generator's calls never came by what it told. */
const toldOfCalls = (told: readonly CountedSecond[], arrived: number): number =>
  sum(told.map(({ ok }) => ok)) + toldOfClients(told) - arrived

/**
 * How many clients without a pace were held up by what a generator told. A call that failed holds its client up also where it did arrive, and only
 * the answer was lost: that client owes no next one.
 */
const toldOfClients = (told: readonly CountedSecond[]): number =>
  sum(told.map(({ dropped, failed, otherFailed }) => dropped + failed + otherFailed))

/** What a generator told as dropped or failed stands for as many of its calls that never came. */
function withoutTold({ counted, calls }: Evidence, missing: readonly DueCall[], toldBy: typeof toldOfCalls): DueCall[] {
  const left = new Map<string, number>()
  return missing.filter(({ shard, epoch }) => {
    const key = `${shard}.${epoch}`
    const its = counted.filter((second) => second.shard === shard && second.epoch === epoch)
    const arrived = calls.filter((call) => call.shard === shard && call.epoch === epoch).length
    const budget = left.get(key) ?? toldBy(its, arrived)
    left.set(key, budget - 1)
    return budget <= 0
  })
}

/** An open plan owes each arrival to the generator that has its shard when it is due. */
function owedRamp(evidence: Evidence): DueCall[] {
  const { plan, shards } = evidence
  if (plan.model.type !== 'open') throw new TypeError('a ramp is an open plan')
  const schedule = createArrivalSchedule(plan.model, plan.seed)
  const lives = livesOf(evidence)
  return Array.from({ length: schedule.count }, (_, number) => {
    const shard = number % shards
    const dueMs = schedule.dueMs(number)
    const epoch = lives.findLast((life) => life.shard === shard && life.startMs <= dueMs)?.epoch ?? -1
    return { shard, number, dueMs, epoch }
  })
}

/** A paced client owes a call at every beat from its first one until its generator is lost, and that gap is over, or the plan ends. */
function owedPaced(evidence: Evidence): DueCall[] {
  return clientLivesOf(evidence).flatMap(({ calls, shard, epoch, client, startMs, endMs }) => {
    const beginnings = calls.map(({ atMs, number }) => atMs - iterationOf(number) * paceMs)
    const firstMs = calls.length === 0 ? startMs + pacedOffsetMs : Math.min(...beginnings)
    const beats = Math.max(0, Math.ceil((endMs - roundingMs - firstMs) / paceMs))
    return Array.from({ length: beats }, (_, beat) => ({
      shard,
      epoch,
      number: beat * closedClients + client,
      dueMs: firstMs + beat * paceMs,
    }))
  })
}

/** A client without a pace owes an unbroken row of calls, and another one soon after the last unless that was the end. */
function owedClosed(evidence: Evidence): DueCall[] {
  return clientLivesOf(evidence).flatMap(({ calls, shard, epoch, client, startMs, endMs }) => {
    const firstMs = Math.min(startMs, ...calls.map(({ atMs }) => atMs))
    const lastMs = Math.max(startMs, ...calls.map(({ atMs }) => atMs))
    const last = Math.max(-1, ...calls.map(({ number }) => iterationOf(number)))
    const owed = endMs - lastMs > longestThinkMs ? last + 2 : last + 1
    return Array.from({ length: owed }, (_, iteration) => ({
      shard,
      epoch,
      number: iteration * closedClients + client,
      dueMs: iteration > last ? lastMs + longestThinkMs : firstMs + iteration * paceMs,
    }))
  })
}

/** One generator's time with its shard. */
interface Life {
  readonly shard: number
  readonly epoch: number
  readonly startMs: number
  /** When the next one began, or the plan ended: a gap lies before that, where there is one. */
  readonly endMs: number
}

function livesOf(evidence: Evidence): Life[] {
  const { shards, plan } = evidence
  return Array.from({ length: shards }, (_, shard) => shard).flatMap((shard) => {
    const starts = epochsOf(evidence, shard).map((epoch) => ({ epoch, startMs: startOf(evidence, shard, epoch) }))
    return starts.map(({ epoch, startMs }, place) => ({
      shard,
      epoch,
      startMs,
      endMs: starts[place + 1]?.startMs ?? planDurationMs(plan),
    }))
  })
}

/** Shares begin with a whole second. */
function startOf({ counted, calls }: Evidence, shard: number, epoch: number): number {
  const isIts = (one: { readonly shard: number; readonly epoch: number }): boolean => one.shard === shard && one.epoch === epoch
  const told = counted.filter(isIts).map(({ second }) => second)
  const arrived = calls.filter(isIts).map(({ atMs }) => Math.floor(atMs / 1000))
  return Math.max(0, Math.min(...told, ...arrived)) * 1000
}

interface ClientLife extends Life {
  readonly client: number
  readonly calls: readonly ArrivedCall[]
}

/** Each client of each generator, those that never called included. */
function clientLivesOf(evidence: Evidence): ClientLife[] {
  return livesOf(evidence).flatMap(({ shard, epoch, startMs, endMs }) => {
    const clients = Array.from({ length: closedClients }, (_, client) => client).filter(
      (client) => client % evidence.shards === shard,
    )
    return clients.map((client) => ({
      shard,
      epoch,
      startMs,
      endMs,
      client,
      calls: evidence.calls.filter(
        (call) => call.shard === shard && call.epoch === epoch && call.number % closedClients === client,
      ),
    }))
  })
}

const iterationOf = (number: number): number => Math.floor(number / closedClients)

/** In an open plan no number ever comes twice; a closed plan's clients count anew where another generator goes on with them. */
function repeatedNumbers(calls: readonly ArrivedCall[], pack: PackName): number[] {
  const seen = new Set<string>()
  return calls.flatMap((call) => {
    const key = pack === 'ramp' ? String(call.number) : keyOf(call)
    if (seen.has(key)) return [call.number]
    seen.add(key)
    return []
  })
}
