import { join } from 'node:path'
import { findSteadyStretch } from './steady-stretch.ts'
import type { MeasuredLevel } from '@squall/capacity'
import { saturationOf, type RunNumbers } from '@squall/metrics'
import type { RunControls } from '../run-controls.ts'
import { runLoad, type LoadRun, type RunOutcome } from '../run-load.ts'
import { planLevel, type LevelTimes } from './level-plan.ts'
import { LevelRecording } from './level-recording.ts'
import { hasCalls, hopelessStrain, isHopeless, longestSilence } from './hopeless-level.ts'
import { strainOf, type Slo } from './slo.ts'
import type { TargetSigns } from './target/metric-signs.ts'
import { TargetWatch, type FetchMetrics } from './target/target-watch.ts'

/** A level of load and what came of it. */
export interface LevelMeasurement extends MeasuredLevel {
  readonly type: 'measure' | 'confirm'
  /** Of the steady stretch. */
  readonly numbers: RunNumbers
  readonly steadySeconds: number
  /** Seconds at full load that were left out as transient. */
  readonly droppedSeconds: number
  readonly isSteady: boolean
  /** The longest time in which no call ended, of the steady stretch. */
  readonly longestSilenceSeconds: number
  /** Whether it was ended early, since it had become hopeless. */
  readonly wasCut: boolean
  /** Why the generator was the bottleneck; empty where it was not. */
  readonly generatorTrouble: readonly string[]
  readonly target: TargetSigns
}

/** What a search needs of a run, but for the plan and the place of its report. */
export type LevelSurroundings = Omit<LoadRun, 'plan' | 'onSnapshot' | 'onControls' | 'liveExport'>

export interface LevelRequest {
  readonly pack: LoadRun['plan']
  readonly slo: Slo
  readonly load: number
  readonly type: 'measure' | 'confirm'
  /** Counted from 1; names the folder of the level's own report. */
  readonly index: number
  /** Counted from 1. */
  readonly attempt: number
  readonly times: LevelTimes
  /** The longest time without a call that levels were seen to have which kept the SLO; absent before the first of them. */
  readonly knownSilenceSeconds?: number
  /** Of a stretch that is judged by itself. */
  readonly windowSeconds: number
  readonly surroundings: LevelSurroundings
  readonly fetchMetrics: FetchMetrics | undefined
}

export interface MeasuredRun {
  readonly level: LevelMeasurement
  readonly outcome: RunOutcome
}

/**
 * Holds one level of load and measures what is steady of it. Its own report goes to `levels/` in the report directory.
 * @throws CodedError as `runLoad` does.
 */
export async function measureLevel(request: LevelRequest): Promise<MeasuredRun> {
  const { pack, load, times, slo, surroundings, fetchMetrics } = request
  const { plan, fullFromSecond } = planLevel(pack, load, times)
  const recording = new LevelRecording()
  const { clock } = surroundings
  const watch = fetchMetrics && new TargetWatch(clock, fetchMetrics)
  let controls: RunControls | undefined
  let wasCut = false
  let startedAtMs = clock.monotonicMs()
  const cutWhereHopeless = (): void => {
    if (wasCut || !isHopeless(recording, request, fullFromSecond)) return
    wasCut = true
    controls?.stopNow()
  }
  try {
    const outcome = await runLoad({
      ...surroundings,
      plan,
      reportDirectory: join(surroundings.reportDirectory, 'levels', folderName(request)),
      onSnapshot: (shard, snapshot) => recording.add(shard, snapshot),
      onControls: (given) => {
        controls = given
        startedAtMs = clock.monotonicMs()
      },
      onProgress: (state) => {
        surroundings.onProgress(state)
        cutWhereHopeless()
      },
    })
    const endSecond = wasCut
      ? recording.lastSecond + 1
      : Math.min(recording.lastSecond + 1, fullFromSecond + times.settleSeconds + times.steadySeconds)
    const stretch = findSteadyStretch(recording, fullFromSecond, Math.max(endSecond, fullFromSecond + 1))
    const numbers = recording.numbers(stretch.fromSecond, stretch.toSecond)
    const windows = windowsOf(request, recording, stretch)
    const level = {
      type: request.type,
      load,
      // What came before it became hopeless may have been well.
      strain: Math.max(strainOf(slo, numbers), wasCut ? hopelessStrain : 0),
      windows: windows.length === 0 ? [{ strain: strainOf(slo, numbers) }] : windows,
      numbers,
      steadySeconds: stretch.toSecond - stretch.fromSecond,
      droppedSeconds: stretch.droppedSeconds,
      isSteady: stretch.isSteady,
      longestSilenceSeconds: longestSilence(recording, stretch),
      wasCut,
      generatorTrouble: saturationOf(numbers.timeline, stretch.fromSecond).reasons,
      target:
        watch?.signs(startedAtMs + stretch.fromSecond * 1000, startedAtMs + stretch.toSecond * 1000, callsPerSecondOf(numbers)) ??
        {},
    }
    return { level, outcome }
  } finally {
    watch?.close()
  }
}

/** Tool calls that were answered in a second of what was measured. */
export const callsPerSecondOf = ({ measuredSeconds, totals }: RunNumbers): number =>
  measuredSeconds === 0 ? 0 : totals.calls / measuredSeconds

const folderName = ({ index, load, type, attempt }: LevelRequest): string =>
  `${String(index).padStart(2, '0')}-${type}-${load}${attempt === 1 ? '' : `-again`}`

function windowsOf(
  { slo, windowSeconds }: LevelRequest,
  recording: LevelRecording,
  { fromSecond, toSecond }: { readonly fromSecond: number; readonly toSecond: number },
): { readonly strain: number }[] {
  const count = Math.floor((toSecond - fromSecond) / windowSeconds)
  const windows = Array.from({ length: count }, (_, index) => {
    const from = fromSecond + index * windowSeconds
    return recording.numbers(from, from + windowSeconds)
  })
  return windows.filter(hasCalls).map((numbers) => ({ strain: strainOf(slo, numbers) }))
}
