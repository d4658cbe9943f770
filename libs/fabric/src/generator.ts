import { CodedError, exitCodes } from '@squall/errors'
import type { LoadChange } from '@squall/load-plan'
import {
  parseCommand,
  protocolVersion,
  type Assignment,
  type GeneratorCommand,
  type GeneratorEvent,
  type RunControl,
  type ShareStart,
} from '@squall/load-protocol'
import type { FailureSample, Snapshot } from '@squall/metrics'
import type { Clock } from '@squall/time'
import { fabricErrors } from './errors.ts'
import { GeneratorLease } from './generator-lease.ts'

/** When and where in the plan the load of a share begins. */
export interface LoadStart {
  /** T0 on the monotonic clock. */
  readonly startAtMs: number
  /** The instant of the plan from which on load is made, in milliseconds; 0 but for a share that is taken over. */
  readonly fromMs: number
  /** For how long the plan stood still before that. */
  readonly pausedMs: number
}

/** A share of a plan, ready to make load. */
export interface PreparedShare {
  /**
   * Makes the share's load, from where it starts to its end.
   * @param send takes each second's numbers; they are numbered in the order of the calls.
   * @param show takes failed calls to show, a bounded number of them in all.
   */
  run(start: LoadStart, send: (snapshot: Snapshot) => void, show: (samples: readonly FailureSample[]) => void): Promise<void>
  /** @param atMs the instant of the plan at which it stands still, in milliseconds since T0. */
  pause(atMs: number): void
  /** @param atMs when the plan goes on, on the monotonic clock. */
  resume(atMs: number): void
  change(change: LoadChange): void
  /**
   * Calls under way may finish within `drainMs`; `run` resolves after that.
   * @param leavingMs what clients get to leave after that; as they are used to unless given.
   */
  stop(drainMs: number, leavingMs?: number): void
}

export interface GeneratorOptions {
  readonly clock: Clock
  /**
   * Makes a share ready; what it throws is reported to the controller.
   * @param clock the clock to make load by: it stops the load before it calls anybody back once the lease on the share has run out.
   */
  readonly prepare: (assignment: Assignment, clock: Clock) => Promise<PreparedShare>
  /** The controller is gone: load ends at once. */
  readonly stopping: AbortSignal
}

/** A generator whose lease has run out must tell what it counted before it is killed: clients do not wait for a target that may be cut off too. */
const hastyLeavingMs = 30

/** The generator's side of the fabric: obeys the parent process until its share is done or the parent is gone. */
export async function runGenerator(options: GeneratorOptions): Promise<void> {
  const lease = new GeneratorLease(options.clock)
  const { next, obeyWith } = receiveCommands(options.stopping, lease)
  try {
    await tell({ type: 'hello', protocolVersion, pid: process.pid })
    const assignment = expectCommand(await next(), 'prepare')
    const share = await options.prepare(assignment, lease.clock)
    await tell({ type: 'ready' })
    const command = await next()
    // A run may be stopped before it began.
    if (command.type === 'stop') return await tellFinished(assignment, 0)
    const start = toLoadStart(expectCommand(command, 'start'), options.clock)
    // First, so that commands which came close behind the start find load to act on.
    const running = runShare(share, assignment, start)
    obeyWith(obedience(share, options.clock))
    lease.whenExpired(() => share.stop(0, hastyLeavingMs))
    options.stopping.addEventListener('abort', () => share.stop(0), { once: true })
    const snapshots = await running
    if (lease.hasExpired) throw new CodedError(fabricErrors.FABRIC_LEASE_EXPIRED)
    await tellFinished(assignment, snapshots)
  } catch (error) {
    await tell(failure(error))
  }
}

interface Commands {
  readonly next: () => Promise<GeneratorCommand>
  /** From now on commands go to `handler` instead of `next`. */
  readonly obeyWith: (handler: (command: GeneratorCommand) => void) => void
}

function receiveCommands(stopping: AbortSignal, lease: GeneratorLease): Commands {
  const waiting: GeneratorCommand[] = []
  let handler = (command: GeneratorCommand): void => void waiting.push(command)
  process.on('message', (message) => {
    const command = parseCommand(message)
    if (command.type === 'lease') lease.renew(command.untilMs)
    else handler(command)
  })
  return {
    next: async () => {
      const first = waiting.shift()
      if (first !== undefined) return first
      const { promise, resolve, reject } = Promise.withResolvers<GeneratorCommand>()
      const queue = handler
      const giveUp = (): void => reject(stopping.reason as Error)
      handler = (command) => {
        handler = queue
        stopping.removeEventListener('abort', giveUp)
        resolve(command)
      }
      if (stopping.aborted) giveUp()
      stopping.addEventListener('abort', giveUp, { once: true })
      return promise
    },
    obeyWith: (newHandler) => {
      handler = newHandler
      for (const command of waiting.splice(0)) newHandler(command)
    },
  }
}

function expectCommand<T extends GeneratorCommand['type']>(
  command: GeneratorCommand,
  type: T,
): Extract<GeneratorCommand, { type: T }> {
  if (command.type !== type) throw new Error(`a generator was told to ${command.type} where ${type} was due`)
  // Narrowing by a generic parameter is beyond the compiler; the line above checked it.
  return command as Extract<GeneratorCommand, { type: T }>
}

/** What a running share does with a command; a control that was delivered twice is obeyed once. */
function obedience(share: PreparedShare, clock: Clock): (command: GeneratorCommand) => void {
  let lastSequence = 0
  return (command) => {
    if (command.type === 'stop') return share.stop(command.drainMs)
    if (command.type !== 'control') throw new Error(`a running generator was told to ${command.type}`)
    if (command.sequence <= lastSequence) return
    lastSequence = command.sequence
    obey(share, command.control, clock)
  }
}

function obey(share: PreparedShare, control: RunControl, clock: Clock): void {
  if (control.type === 'pause') share.pause(control.atMs)
  else if (control.type === 'resume') share.resume(toMonotonic(control.atWallMs, clock))
  else if (control.type !== 'reset-numbers') share.change(control)
}

/** @returns how many snapshots were sent. */
async function runShare(share: PreparedShare, { share: { index: shard }, epoch }: Assignment, start: LoadStart): Promise<number> {
  let sequence = 0
  let lastSent = Promise.resolve()
  await share.run(
    start,
    (snapshot) => {
      lastSent = tell({ type: 'snapshot', shard, epoch, sequence: sequence++, snapshot })
    },
    (samples) => {
      lastSent = tell({ type: 'samples', shard, epoch, samples })
    },
  )
  await lastSent
  return sequence
}

function tellFinished({ share, epoch }: Assignment, snapshots: number): Promise<void> {
  return tell({ type: 'finished', shard: share.index, epoch, snapshots })
}

function toLoadStart({ startAtWallMs, fromMs, pausedMs }: ShareStart, clock: Clock): LoadStart {
  return { startAtMs: toMonotonic(startAtWallMs, clock), fromMs, pausedMs }
}

function toMonotonic(wallMs: number, clock: Clock): number {
  return clock.monotonicMs() + wallMs - clock.wallMs()
}

function failure(error: unknown): GeneratorEvent {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof CodedError))
    return {
      type: 'failed',
      code: 'FABRIC_GENERATOR_REFUSED',
      message,
      hint: 'This is a defect in Squall; please report it.',
      exitCode: exitCodes.internal,
    }
  const { code, hint, exitCode } = error
  return { type: 'failed', code, message, hint, exitCode }
}

/** Resolves when the message is on its way, or cannot be sent because the parent is gone: then nobody is left to tell. */
function tell(event: GeneratorEvent): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve()
    else process.send(event, undefined, undefined, () => resolve())
  })
}
