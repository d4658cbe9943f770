import { CodedError } from '@squall/errors'
import { parseAgentHello, protocolVersion, type AgentHello } from '@squall/load-protocol'
import { abortable, sleep, type Clock } from '@squall/time'
import type { Redis } from 'ioredis'
import { fabricErrors } from '../../errors.ts'
import { fleetKeys } from '../keys.ts'
import type { Seal } from '../seal.ts'

export interface FleetOptions {
  readonly redis: Redis
  readonly seal: Seal
  readonly clock: Clock
  readonly squallVersion: string
}

/**
 * The agents that are there now.
 * @throws CodedError FABRIC_OTHER_SECRET where they do not share the controller's secret.
 */
export async function findAgents({ redis, seal }: Pick<FleetOptions, 'redis' | 'seal'>): Promise<AgentHello[]> {
  const hellos = await readHellos(redis)
  return Array.from(hellos, ([agent, bytes]) => parseAgentHello(openHello(agent, bytes, seal)))
}

function openHello(agent: string, bytes: Buffer, seal: Seal): unknown {
  try {
    return seal.open(bytes, fleetKeys.agent(agent))
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== fabricErrors.FABRIC_OTHER_SECRET.code) throw error
    throw new CodedError(fabricErrors.FABRIC_OTHER_SECRET, {
      message: `agent ${agent} waits for work there with another secret than this program has, or one of the two has none`,
      cause: error,
    })
  }
}

/** The ids of all agents that are there now, also of those that work for others. */
export async function presentAgents(redis: Redis): Promise<ReadonlySet<string>> {
  return new Set((await readHellos(redis)).keys())
}

async function readHellos(redis: Redis): Promise<ReadonlyMap<string, Buffer>> {
  const agents = await redis.smembers(fleetKeys.agents)
  if (agents.length === 0) return new Map()
  const hellos = await redis.mgetBuffer(agents.map(fleetKeys.agent))
  const gone = agents.filter((_, index) => hellos[index] === null)
  if (gone.length > 0) await redis.srem(fleetKeys.agents, ...gone)
  return new Map(
    agents.flatMap((agent, index) => {
      const bytes = hellos[index]
      return bytes ? [[agent, bytes] as const] : []
    }),
  )
}

const lookEveryMs = 250

export interface Patience {
  readonly leastAgents: number
  readonly agentPatienceMs: number
  /** Told how many there are, as often as that changes. */
  readonly onNotice: (text: string) => void
}

/**
 * Waits until there are enough agents.
 * @throws CodedError FABRIC_NO_AGENTS, FABRIC_TOO_FEW_AGENTS, FABRIC_OTHER_SECRET, FABRIC_OTHER_VERSION; the signal's reason.
 */
export async function waitForAgents(options: FleetOptions & Patience, signal: AbortSignal): Promise<AgentHello[]> {
  const { clock, leastAgents, agentPatienceMs, onNotice } = options
  const untilMs = clock.monotonicMs() + agentPatienceMs
  let told = 0
  for (;;) {
    signal.throwIfAborted()
    const agents = await abortable(findAgents(options), signal)
    checkVersions(agents, options.squallVersion)
    if (agents.length >= leastAgents) return agents
    if (agents.length !== told) onNotice(`${agents.length} of ${leastAgents} agents are there`)
    told = agents.length
    if (clock.monotonicMs() >= untilMs) throw tooFew(agents.length, options)
    await sleep(clock, lookEveryMs, signal)
  }
}

function tooFew(count: number, { leastAgents, agentPatienceMs }: Patience): CodedError {
  const within = `within ${agentPatienceMs / 1000} s`
  return count === 0
    ? new CodedError(fabricErrors.FABRIC_NO_AGENTS, { message: `no agent came ${within}` })
    : new CodedError(fabricErrors.FABRIC_TOO_FEW_AGENTS, { message: `${count} of ${leastAgents} agents came ${within}` })
}

function checkVersions(agents: readonly AgentHello[], squallVersion: string): void {
  const others = agents.filter((agent) => agent.squallVersion !== squallVersion || agent.protocolVersion !== protocolVersion)
  if (others.length === 0) return
  throw new CodedError(fabricErrors.FABRIC_OTHER_VERSION, {
    message: `this is Squall ${squallVersion}, protocol ${protocolVersion}`,
    problems: others.map((other) => ({
      where: `agent ${other.agent}`,
      value: `Squall ${other.squallVersion}, protocol ${other.protocolVersion}`,
      expected: 'the same version as here',
    })),
  })
}

/** Deals shards out by how many generators each agent runs; together they take all of them. */
export function allot(agents: readonly AgentHello[], shards: number): Record<string, number> {
  const workers = agents.reduce((sum, agent) => sum + agent.workers, 0)
  return Object.fromEntries(agents.map((agent) => [agent.agent, Math.ceil((shards * agent.workers) / workers)]))
}
