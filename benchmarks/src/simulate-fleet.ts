import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { RedisServer, temporaryDirectory } from '@squall/testing'
import type { AgentsOutcome, ControllerWord, SimulatedController, SimulatedFleet } from './many-machines.ts'
import { cpuSecondsOf, descendantOf, residentBytesOf } from './process-table.ts'

export interface FleetSettings extends Omit<SimulatedFleet, 'url'> {
  /** When the controller is killed, counted from T0, and how long there is none. */
  readonly killAfterMs: number
  readonly outageMs: number
}

/** One look at all processes. */
export interface FleetLook {
  readonly atWallMs: number
  /** Which of the two controllers. */
  readonly life: 1 | 2
  readonly controllerCpuSeconds: number
  readonly redisCpuSeconds: number
  readonly controllerBytes: number
  readonly redisBytes: number
}

export interface FleetRecord {
  readonly startAtWallMs: number
  readonly agents: AgentsOutcome
  readonly ended: Extract<ControllerWord, { type: 'ended' }>
  /** By life. */
  readonly merged: readonly (Extract<ControllerWord, { type: 'merged' }> & { readonly life: 1 | 2 })[]
  readonly looks: readonly FleetLook[]
}

type Began = Extract<ControllerWord, { type: 'began' }>

/** Runs a fleet of simulated agents whose controller is killed and resumed, on a real Redis. */
export async function simulateFleet(settings: FleetSettings): Promise<FleetRecord> {
  await using redis = await RedisServer.start()
  const redisPid = descendantOf(process.pid, `:${redis.port}`) ?? fail('there is no Redis')
  using cleanUp = new DisposableStack()
  const directory = temporaryDirectory((remove) => cleanUp.defer(remove))
  const { agents, seconds, killAfterMs, outageMs } = settings
  const fleet = { url: redis.url, agents, seconds }
  const crowd = startProgram('simulated-agents', fleet)
  const crowdSays = text(crowd.stdout ?? fail('no pipe'))
  const first = new Controller(1, { ...fleet, reportDirectory: join(directory, 'first') }, redisPid)
  try {
    const { runId, startAtWallMs } = await first.began
    await delay(Math.max(0, startAtWallMs + killAfterMs - Date.now()))
    await first.kill()
    await delay(outageMs)
    const second = new Controller(2, { ...fleet, reportDirectory: join(directory, 'second'), resume: runId }, redisPid)
    const ended = await second.finished()
    return {
      startAtWallMs,
      // Printed by our own program.
      agents: JSON.parse(await crowdSays) as AgentsOutcome,
      ended,
      merged: [...first.merged, ...second.merged],
      looks: [...first.looks, ...second.looks],
    }
  } finally {
    await first.kill()
    crowd.kill('SIGKILL')
  }
}

class Controller {
  readonly began: Promise<Began>
  readonly ended: Promise<FleetRecord['ended']>
  readonly merged: FleetRecord['merged'][number][] = []
  readonly looks: FleetLook[] = []
  readonly #process: ChildProcess
  readonly #looking: NodeJS.Timeout

  constructor(life: 1 | 2, job: SimulatedController, redisPid: number) {
    const child = startProgram('simulated-controller', job)
    this.#process = child
    const began = Promise.withResolvers<Began>()
    const ended = Promise.withResolvers<FleetRecord['ended']>()
    // Each is waited for, or its process was killed on purpose.
    for (const { promise } of [began, ended]) promise.catch(() => undefined)
    this.began = began.promise
    this.ended = ended.promise
    createInterface({ input: child.stdout ?? fail('no pipe') }).on('line', (line) => {
      // Printed by our own program.
      const word = JSON.parse(line) as ControllerWord
      if (word.type === 'began') began.resolve(word)
      if (word.type === 'merged') this.merged.push({ ...word, life })
      if (word.type === 'ended') ended.resolve(word)
    })
    child.once('exit', (code) => {
      for (const { reject } of [began, ended]) reject(new Error(`the controller ended with ${code}`))
    })
    this.#looking = setInterval(() => this.#look(life, child.pid ?? 0, redisPid), 1000)
  }

  /** Leaves it the time to end by itself. */
  async finished(): Promise<FleetRecord['ended']> {
    try {
      const ended = await this.ended
      if (this.#process.exitCode === null) await once(this.#process, 'exit')
      return ended
    } finally {
      await this.kill()
    }
  }

  async kill(): Promise<void> {
    clearInterval(this.#looking)
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exited
  }

  #look(life: 1 | 2, pid: number, redisPid: number): void {
    if (this.#process.exitCode !== null) return
    this.looks.push({
      atWallMs: Date.now(),
      life,
      controllerCpuSeconds: cpuSecondsOf(pid),
      redisCpuSeconds: cpuSecondsOf(redisPid),
      controllerBytes: residentBytesOf(pid),
      redisBytes: residentBytesOf(redisPid),
    })
  }
}

function startProgram(program: string, job: SimulatedFleet): ChildProcess {
  const path = `${import.meta.dirname}/programs/${program}.ts`
  const args = ['--conditions=@squall/source', path, JSON.stringify(job)]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

function fail(what: string): never {
  throw new Error(what)
}
