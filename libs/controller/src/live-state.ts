import { planDurationMs, shownTarget, type LoadPlan } from '@squall/load-plan'
import type { LiveNumbers, RunNumbers } from '@squall/metrics'
import type { LiveAgentRow, LiveState } from '@squall/report'
import type { RunState } from './run-state.ts'

export interface Progress {
  readonly plan: LoadPlan
  readonly state: RunState
  readonly nowMs: number
  readonly isPaused: boolean
  /** How long the plan stood still so far. */
  readonly pausedMs: number
  readonly recent: LiveNumbers
  readonly numbers: RunNumbers
  /** Where other machines make the load. */
  readonly agents?: readonly LiveAgentRow[]
}

/** What a person sees of a run at this moment. */
export function toLiveState({ plan, state, nowMs, isPaused, pausedMs, recent, numbers, agents }: Progress): LiveState {
  const elapsedMs = 'startAtMs' in state ? Math.max(0, nowMs - state.startAtMs) : 0
  return {
    pack: plan.name,
    target: shownTarget(plan.target),
    phase: phaseOf(state, isPaused ? 'paused' : elapsedMs < plan.warmUpMs ? 'warming up' : 'running'),
    elapsedSeconds: elapsedMs / 1000,
    durationSeconds: (planDurationMs(plan) + pausedMs) / 1000,
    clients: recent.clients,
    callsPerSecond: recent.callsPerSecond,
    p50: recent.p50,
    p95: recent.p95,
    p99: recent.p99,
    ok: recent.sinceStart.calls - recent.sinceStart.failed,
    failed: recent.sinceStart.failed,
    failuresByKind: Object.fromEntries(numbers.errors),
    tools: toolRows(recent, numbers),
    droppedStarts: recent.sinceStart.droppedStarts,
    generatorCpu: recent.generatorCpu,
    ...(agents && { agents }),
  }
}

function phaseOf(state: RunState, whileRunning: string): string {
  if (state.type === 'running') return whileRunning
  if (state.type === 'draining') return 'finishing calls'
  return state.type === 'finalising' || state.type === 'done' ? 'writing the report' : 'starting'
}

function toolRows(recent: LiveNumbers, { tools }: RunNumbers): LiveState['tools'] {
  const names = new Set([...tools.keys(), ...recent.tools.keys()])
  return [...names].toSorted().map((tool) => {
    const now = recent.tools.get(tool)
    const whole = tools.get(tool)
    return {
      tool,
      calls: whole?.calls ?? 0,
      failed: whole?.failed ?? 0,
      callsPerSecond: now?.callsPerSecond ?? 0,
      p50: now?.p50 ?? null,
      p95: now?.p95 ?? null,
      p99: now?.p99 ?? null,
    }
  })
}
