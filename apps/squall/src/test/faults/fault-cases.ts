import { setTimeout as delay } from 'node:timers/promises'
import type { Fleet, FleetAgent } from '../fleet.ts'
import type { RunningSquall } from '../run-squall.ts'

export interface Disturbed {
  readonly fleet: Fleet
  /** One of two agents. */
  readonly agent: FleetAgent
  readonly run: RunningSquall
  /** Starts another controller for the same run. */
  readonly resume: () => Promise<RunningSquall>
}

/** A way to disturb a run of two agents. */
export interface FaultCase {
  readonly name: string
  readonly leaseSeconds: number
  readonly seconds: number
  /** @returns the controller that ends the run, where it is another one. */
  readonly act: (parts: Disturbed) => Promise<RunningSquall | undefined>
  /** Whether a generator dies before it could tell what it counted last; one that wakes after its lease is killed by its agent. */
  readonly kills: boolean
  /** Whether the report must tell of gaps. */
  readonly gaps: boolean
}

const nothing = async (): Promise<undefined> => undefined
const killAgent = async ({ agent }: Disturbed): Promise<undefined> => void agent.child.kill('SIGKILL')

async function killController({ run, resume }: Disturbed): Promise<RunningSquall> {
  run.child.kill('SIGKILL')
  await run.ended
  return resume()
}

async function killBoth(parts: Disturbed): Promise<RunningSquall> {
  await killAgent(parts)
  return killController(parts)
}

export const freeze =
  (ms: number) =>
  async ({ agent }: Disturbed): Promise<undefined> => {
    const pids = [agent.pid, ...agent.children()]
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    await delay(ms)
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }

export const cutOff =
  (ms: number) =>
  async ({ agent }: Disturbed): Promise<undefined> => {
    agent.cut()
    await delay(ms)
    agent.heal()
  }

export const killRedis =
  (ms: number) =>
  async ({ fleet: { redis } }: Disturbed): Promise<undefined> => {
    await redis.kill()
    await delay(ms)
    await redis.start()
  }

const fast = { leaseSeconds: 4 }
const usual = { leaseSeconds: 15 }
const harmless = { kills: false, gaps: false }

/** The nine faults; those of three seconds with a lease that is too short for them, and with one that is not. */
export const faultCases: readonly FaultCase[] = [
  { name: 'nothing', ...fast, seconds: 8, act: nothing, ...harmless },
  { name: 'agent killed', ...fast, seconds: 14, act: killAgent, kills: true, gaps: true },
  { name: 'agent killed', ...usual, seconds: 28, act: killAgent, kills: true, gaps: true },
  { name: 'controller killed, resumed', ...fast, seconds: 14, act: killController, ...harmless },
  { name: 'agent and controller killed, resumed', ...fast, seconds: 16, act: killBoth, kills: true, gaps: true },
  { name: 'agent frozen for 3 s', ...usual, seconds: 10, act: freeze(3_000), ...harmless },
  { name: 'agent frozen for 3 s', ...fast, seconds: 14, act: freeze(3_000), kills: true, gaps: true },
  { name: 'agent frozen for 10 s', ...fast, seconds: 17, act: freeze(10_000), kills: true, gaps: true },
  { name: 'agent cut off for 10 s', ...fast, seconds: 17, act: cutOff(10_000), kills: false, gaps: true },
  { name: 'Redis away for 3 s', ...usual, seconds: 10, act: killRedis(3_000), ...harmless },
  { name: 'Redis away for 3 s', ...fast, seconds: 14, act: killRedis(3_000), kills: false, gaps: true },
  { name: 'Redis away for 10 s', ...fast, seconds: 20, act: killRedis(10_000), kills: false, gaps: true },
]
