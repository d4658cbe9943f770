import type { ArrivalPhase, ClosedModel, LoadModel, LoadPlan, OpenModel, Share } from '@squall/load-plan'
import { GeneratorRecorder, RunAggregate, type ProcessHealth, type RunNumbers } from '@squall/metrics'
import { FakeClock, seededRandom } from '@squall/time'
import { startSwarm, type Swarm, type SwarmOptions } from '../index.ts'
import { newDiary, scriptedFactory, type Diary, type Script } from './scripted-client.ts'

export const startAtMs = 1_000

export const closed = (model: Partial<ClosedModel> = {}): LoadModel => ({
  type: 'closed',
  clients: 1,
  spawnRatePerSecond: 100,
  durationMs: 10_000,
  ...model,
})

const phase = (changes: Partial<ArrivalPhase> = {}): ArrivalPhase => ({
  name: 'steady',
  durationMs: 1_000,
  rateStart: 10,
  rateEnd: 10,
  spacing: 'constant',
  ...changes,
})

export const open = (changes: Partial<ArrivalPhase> = {}): OpenModel => ({ type: 'open', phases: [phase(changes)] })

export function planOf(model: LoadModel, changes: Partial<LoadPlan> = {}): LoadPlan {
  const client = { clientKind: 'http_client', transport: 'streamable-http', protocolVersion: 'auto', headers: {} } as const
  return {
    version: 1,
    name: 'test',
    target: 'http://127.0.0.1:1/mcp',
    seed: 1,
    model,
    scenarios: [{ name: 'only', weight: 1, client, flow: [] }],
    payloads: [],
    variables: {},
    requestTimeoutMs: 30_000,
    maxLagMs: 30_000,
    warmUpMs: 0,
    thresholds: [],
    ...changes,
  }
}

export const idle: ProcessHealth = {
  cpuMs: 0,
  wallMs: 1_000,
  rssBytes: 0,
  eventLoopUtilization: 0,
  eventLoopDelay: new Uint8Array(0),
}

export interface Rig {
  readonly clock: FakeClock
  readonly swarm: Swarm
  readonly diary: Diary
  readonly recorder: GeneratorRecorder
  /** True once `finished` resolved. */
  readonly isFinished: () => boolean
  /** Everything recorded so far, as a report would show it. */
  readonly numbers: () => RunNumbers
}

export interface RigOptions {
  readonly plan: LoadPlan
  readonly script?: Omit<Script, 'clock' | 'recorder'>
  readonly share?: Share
  readonly changes?: Partial<SwarmOptions>
}

/** A swarm of scripted clients on a fake clock that stands one second before T0. */
export function rigOf({ plan, script = {}, share = { index: 0, count: 1 }, changes = {} }: RigOptions): Rig {
  const clock = new FakeClock()
  const diary = newDiary()
  const recorder = new GeneratorRecorder()
  const factories = plan.scenarios.map(({ name }) => scriptedFactory({ ...script, clock, recorder, scenario: name }, diary))
  const random = seededRandom(1)
  const swarm = startSwarm({ plan, share, factories, clock, random, recorder, startAtMs, ...changes })
  let isFinished = false
  void swarm.finished.then(
    () => (isFinished = true),
    () => undefined,
  )
  return { clock, swarm, diary, recorder, isFinished: () => isFinished, numbers: () => numbersOf(recorder) }
}

function numbersOf(recorder: GeneratorRecorder): RunNumbers {
  const aggregate = new RunAggregate()
  aggregate.add(0, 0, 0, recorder.takeSnapshot(0, idle))
  return aggregate.numbers()
}
