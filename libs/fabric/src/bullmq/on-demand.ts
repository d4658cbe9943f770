// BullMQ and its Redis client are a third of what a program here would load. They are loaded by who opens a fleet alone: not by generators, nor by a run on one machine.
import type { AgentOptions } from './agent/run-agent.ts'
import type { SimulatedAgents } from './agent/simulated-agents.ts'
import type { BullmqFabric } from './controller/bullmq-fabric.ts'
import type { BullmqFabricOptions } from './controller/fabric-context.ts'

/**
 * Reaches the agents at a Redis.
 * @throws CodedError where that Redis cannot be used.
 */
export async function openBullmqFabric(options: BullmqFabricOptions): Promise<BullmqFabric> {
  const { openBullmqFabric: open } = await import('./controller/bullmq-fabric.ts')
  return open(options)
}

/**
 * Makes load for the controllers of a Redis until it is stopped.
 * @throws CodedError where that Redis cannot be used.
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { runAgent: run } = await import('./agent/run-agent.ts')
  return run(options)
}

/** Plays all agents of a fleet in one process, for benchmarks of the controller. */
export async function simulateAgents(options: SimulatedAgents): Promise<void> {
  const { simulateAgents: simulate } = await import('./agent/simulated-agents.ts')
  return simulate(options)
}
