/** What lies where in Redis. All keys begin with `squall:`. */
export const fleetKeys = {
  /** Set of the agents that were there lately. */
  agents: 'squall:agents',
  /** What an agent says of itself; gone soon after the agent. */
  agent: (agent: string): string => `squall:agent:${agent}`,
  /** Hash of announcements by run. */
  active: 'squall:active',
} as const

/** What a run leaves in Redis goes by itself so long after it should have ended, where nobody clears it away. */
export const keptMs = 24 * 60 * 60 * 1000

/** The queue of a run's shards, as BullMQ names it. */
export const queueName = 'shards'

export interface RunKeys {
  /** The prefix of BullMQ's keys. */
  readonly prefix: string
  readonly plan: string
  /** Hash of files by SHA-256. */
  readonly files: string
  /** Stream from the controller to the agents. */
  readonly orders: string
  /** Stream from the agents to the controller. */
  readonly events: string
  /** Who drives the run; gone soon after the controller. */
  readonly controller: string
  /** Set of the shards that are over. */
  readonly done: string
}

export function runKeys(runId: string): RunKeys {
  const prefix = `squall:run:${runId}`
  const key = (name: string): string => `${prefix}:${name}`
  return {
    prefix,
    plan: key('plan'),
    files: key('files'),
    orders: key('orders'),
    events: key('events'),
    controller: key('controller'),
    done: key('done'),
  }
}
