import type { Recorder, SeriesKey } from '@squall/metrics'
import { sleep, type Clock } from '@squall/time'
import type { ClientFactory, VirtualClient } from '@squall/virtual-client'

export interface Script {
  readonly clock: Clock
  /** How long a call takes that starts at this instant. */
  readonly serviceMs?: (nowMs: number) => number
  /** How long a client thinks after its call; not at all unless given. */
  readonly thinkMs?: number
  /** From one intended start to the next; none where the flow sets no pace. */
  readonly paceMs?: number
  /** Whether the nth attempt to open succeeds; all do unless given. */
  readonly opens?: (attempt: number) => boolean
  readonly recorder?: Recorder
  readonly scenario?: string
  /** How long leaving takes. */
  readonly closeMs?: number
}

interface Iteration {
  readonly client: number
  readonly intendedMs: number
  readonly startedMs: number
  endedMs?: number
}

/** What scripted clients did, for a test to look at. */
export interface Diary {
  readonly created: number[]
  readonly opened: number[]
  readonly iterations: Iteration[]
  readonly closed: number[]
  readonly cut: number[]
  readonly targets: string[]
}

export const newDiary = (): Diary => ({ created: [], opened: [], iterations: [], closed: [], cut: [], targets: [] })

const key: SeriesKey = { method: 'tools/call', tool: 'echo', clientKind: 'http_client', transport: 'streamable-http', phase: '' }

/** Clients that make one call per iteration to a target that takes as long as a script says. */
export function scriptedFactory(script: Script, diary: Diary): ClientFactory {
  return {
    scenario: script.scenario ?? 'only',
    weight: 1,
    create: (index) => scriptedClient(index, script, diary),
    retarget: (target) => void diary.targets.push(target),
  }
}

function scriptedClient(index: number, script: Script, diary: Diary): VirtualClient {
  const { clock, recorder, serviceMs = () => 10, closeMs = 0 } = script
  diary.created.push(index)
  let attempts = 0
  return {
    clientKind: 'http_client',
    open: () => {
      diary.opened.push(index)
      attempts++
      return Promise.resolve(script.opens?.(attempts) ?? true)
    },
    iterate: async (intendedMs, { ending, cutting }) => {
      const startedMs = clock.monotonicMs()
      const iteration: Iteration = { client: index, intendedMs, startedMs }
      diary.iterations.push(iteration)
      const errorCode = await sleep(clock, serviceMs(startedMs), cutting).then(
        () => undefined,
        () => 'stopped',
      )
      if (errorCode !== undefined) diary.cut.push(index)
      const endedMs = (iteration.endedMs = clock.monotonicMs())
      recorder?.series(key).record(endedMs - startedMs, endedMs - intendedMs, errorCode)
      if (script.thinkMs !== undefined) await sleep(clock, script.thinkMs, ending).catch(() => undefined)
      return script.paceMs === undefined ? undefined : intendedMs + script.paceMs
    },
    close: async () => {
      if (closeMs > 0) await sleep(clock, closeMs)
      diary.closed.push(index)
    },
  }
}
