import { GeneratorRecorder, LatencyHistogram, type Snapshot } from '@squall/metrics'

export interface DemoCall {
  readonly method?: string
  readonly tool?: string
  readonly ms?: number
  readonly error?: string
  readonly phase?: string
}

/** What a generator would send for one second with these calls. */
export function demoSnapshot(second: number, calls: readonly DemoCall[] = []): Snapshot {
  const recorder = new GeneratorRecorder()
  if (second === 0) recorder.count('clientsStarted', 1)
  for (const { method = 'tools/call', tool = 'echo', ms = 10, error, phase = '' } of calls)
    recorder
      .series({
        method,
        tool: method === 'tools/call' ? tool : '',
        clientKind: 'http_client',
        transport: 'streamable-http',
        phase,
      })
      .record(ms, ms, error)
  const eventLoopDelay = new LatencyHistogram().encode()
  return recorder.takeSnapshot(second, { cpuMs: 100, wallMs: 1_000, rssBytes: 1_000, eventLoopUtilization: 0.1, eventLoopDelay })
}

/** So many calls alike. */
export const many = (count: number, call: DemoCall = {}): DemoCall[] => Array.from({ length: count }, () => call)
