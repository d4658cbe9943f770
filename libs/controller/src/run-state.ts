/** Where a run stands. */
export type RunState =
  | { readonly type: 'preparing' }
  /** All generators are ready; load begins at T0. */
  | { readonly type: 'waiting'; readonly startAtMs: number }
  | { readonly type: 'running'; readonly startAtMs: number }
  /** No new load since `stoppedAtMs`; calls under way finish. */
  | { readonly type: 'draining'; readonly startAtMs: number; readonly stoppedAtMs: number; readonly why: EndReason }
  /** `stoppedAtMs` is when the load was told to end before it did by itself, or when it ended. */
  | {
      readonly type: 'finalising'
      readonly startAtMs: number
      readonly stoppedAtMs: number
      readonly endedAtMs: number
      readonly why: EndReason
    }
  | { readonly type: 'done'; readonly why: EndReason }

/** `complete`: the plan was run to its end. `stopped`: by the user. `aborted`: by a threshold that broke. `overdue`: generators did not end in time. */
export type EndReason = 'complete' | 'stopped' | 'aborted' | 'overdue'

export type RunEvent =
  | { readonly type: 'start-agreed'; readonly startAtMs: number }
  | { readonly type: 'started' }
  | { readonly type: 'stop-asked'; readonly atMs: number; readonly why: EndReason }
  | { readonly type: 'load-ended'; readonly endedAtMs: number }
  | { readonly type: 'finalised' }

/**
 * The state after an event. An event that comes too late to matter (a stop while finalising) changes nothing.
 * @throws Error on an event that cannot happen in this state: a defect of the controller.
 */
export function nextState(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'start-agreed':
      if (state.type === 'preparing') return { type: 'waiting', startAtMs: event.startAtMs }
      break
    case 'started':
      if (state.type === 'waiting') return { type: 'running', startAtMs: state.startAtMs }
      if (state.type !== 'preparing') return state
      break
    case 'stop-asked':
      if (state.type === 'waiting' || state.type === 'running')
        return { type: 'draining', startAtMs: state.startAtMs, stoppedAtMs: event.atMs, why: event.why }
      if (state.type !== 'preparing') return state
      break
    case 'load-ended': {
      const { endedAtMs } = event
      if (state.type === 'draining') return { ...state, type: 'finalising', endedAtMs }
      if (state.type === 'waiting' || state.type === 'running')
        return { type: 'finalising', startAtMs: state.startAtMs, stoppedAtMs: endedAtMs, endedAtMs, why: 'complete' }
      break
    }
    case 'finalised':
      if (state.type === 'finalising') return { type: 'done', why: state.why }
      break
  }
  throw new Error(`a run that is ${state.type} cannot take ${event.type}`)
}
