import { join } from 'node:path'
import { CodedError } from '@squall/errors'
import { keepsSlo, nextMove, type SearchMove, type SearchOptions, type SearchStep } from '@squall/capacity'
import { removeEarlierRuns } from '../remove-earlier-runs.ts'
import { measureLevel, type LevelMeasurement, type LevelRequest } from './measure-level.ts'

export interface CapacityRequest extends Omit<
  LevelRequest,
  'load' | 'type' | 'index' | 'attempt' | 'times' | 'knownSilenceSeconds'
> {
  readonly search: SearchOptions
  /** For what is settled after each change of load. */
  readonly settleSeconds: number
  readonly steadySeconds: number
  /** Of the longer window that confirms what was found. */
  readonly confirmSeconds: number
  /** Told of each level before it begins, and of what came of it. */
  readonly onLevel: (event: LevelEvent) => void
}

export type LevelEvent =
  | { readonly type: 'started'; readonly move: 'measure' | 'confirm'; readonly load: number }
  | { readonly type: 'measured'; readonly level: LevelMeasurement }

/** All levels in the order of measuring, and how the search ended. */
export interface CapacitySearch {
  readonly levels: readonly LevelMeasurement[]
  readonly end: SearchEnd
}

export type SearchEnd =
  | Extract<SearchMove, { type: 'found' | 'none' }>
  /** The user ended it. */
  | { readonly type: 'stopped' }
  /** Something went wrong after a first level, such as a target that is gone: what was measured before stands. */
  | { readonly type: 'failed'; readonly error: CodedError }
  /** The generator could not make more load, so that more cannot be said of the target. */
  | { readonly type: 'generator'; readonly at: LevelMeasurement }

/**
 * Searches for the highest load that keeps the SLO, one level after another.
 * @throws CodedError of the target, the report directory or the fabric, where not even a first level could be measured.
 */
export async function findCapacity(request: CapacityRequest): Promise<CapacitySearch> {
  const levels: LevelMeasurement[] = []
  await removeEarlierRuns(join(request.surroundings.reportDirectory, 'levels'), /^\d+-(?:measure|confirm)-[\d.]+(?:-again)?$/)
  const { search } = request
  for (;;) {
    const move = nextMove(levels.map(toStep), search)
    if (move.type === 'found' || move.type === 'none') return { levels, end: move }
    const level = await measureTwiceAtMost({ ...request, ...silenceOf(levels) }, move, levels.length + 1).catch(
      (error: unknown) => {
        if (error instanceof CodedError && levels.length > 0) return error
        throw error
      },
    )
    // What a stopped run saw is no level.
    if (level === undefined) return { levels, end: { type: 'stopped' } }
    if (level instanceof CodedError) return { levels, end: { type: 'failed', error: level } }
    levels.push(level)
    if (level.generatorTrouble.length > 0) return { levels, end: { type: 'generator', at: level } }
  }
}

function silenceOf(levels: readonly LevelMeasurement[]): Pick<LevelRequest, 'knownSilenceSeconds'> {
  const known = levels.filter(keepsSlo).map(({ longestSilenceSeconds }) => longestSilenceSeconds)
  return known.length === 0 ? {} : { knownSilenceSeconds: Math.max(...known) }
}

/** A neighbour may hold up the generator for a moment: its trouble counts where it comes again. */
async function measureTwiceAtMost(
  request: CapacityRequest & Pick<LevelRequest, 'knownSilenceSeconds'>,
  move: Extract<SearchMove, { type: 'measure' | 'confirm' }>,
  index: number,
): Promise<LevelMeasurement | undefined> {
  const { onLevel } = request
  const { type, load } = move
  const steadySeconds = type === 'confirm' ? request.confirmSeconds : request.steadySeconds
  const times = { settleSeconds: request.settleSeconds, steadySeconds }
  for (let attempt = 1; ; attempt += 1) {
    onLevel({ type: 'started', move: type, load })
    const level = await measureUnlessStopped({ ...request, times, type, load, index, attempt })
    if (level === undefined) return undefined
    onLevel({ type: 'measured', level })
    if (level.generatorTrouble.length === 0 || attempt === 2) return level
  }
}

/** A run that its user stopped before its load began throws the signal's reason; one stopped later ends. */
async function measureUnlessStopped(request: LevelRequest): Promise<LevelMeasurement | undefined> {
  const { signal } = request.surroundings
  try {
    const { level } = await measureLevel(request)
    return signal.aborted ? undefined : level
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined
    throw error
  }
}

const toStep = (level: LevelMeasurement): SearchStep => ({ type: level.type, level })
