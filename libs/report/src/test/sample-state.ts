import type { LiveState } from '../live/live-state.ts'

/** A run under way, 34 seconds in. */
export function sampleState(overrides: Partial<LiveState> = {}): LiveState {
  return {
    pack: 'heavy',
    target: 'http://127.0.0.1:3000/mcp',
    phase: 'running',
    elapsedSeconds: 34,
    durationSeconds: 60,
    clients: 300,
    callsPerSecond: 142,
    p50: 38,
    p95: 210.4,
    p99: 420,
    ok: 2130,
    failed: 0,
    failuresByKind: {},
    tools: [
      { tool: 'list_views', calls: 330, failed: 0, callsPerSecond: 22, p50: 17, p95: 71, p99: 102 },
      { tool: 'execute_query', calls: 1800, failed: 0, callsPerSecond: 120, p50: 102, p95: 245, p99: 359 },
    ],
    droppedStarts: 0,
    generatorCpu: 0.41,
    ...overrides,
  }
}
