import { GeneratorRecorder, LatencyHistogram, type Snapshot } from '@squall/metrics'

export interface SampleCall {
  readonly tool?: string
  readonly ms?: number
  readonly error?: string
}

/** What a generator sends for one second with these calls of one client kind. */
export function sampleSnapshot(second: number, calls: readonly SampleCall[], sessionsOpened = 0): Snapshot {
  const recorder = new GeneratorRecorder()
  recorder.clientsChanged('http_client', 1)
  recorder.count('sessionsOpened', sessionsOpened)
  for (const { tool = 'echo', ms = 10, error } of calls)
    recorder
      .series({ method: 'tools/call', tool, clientKind: 'http_client', transport: 'streamable-http', phase: '' })
      .record(ms, 2 * ms, error)
  const delay = new LatencyHistogram()
  delay.record(3)
  const health = { cpuMs: 250, wallMs: 1_000, rssBytes: 1, eventLoopUtilization: 0.1, eventLoopDelay: delay.encode() }
  return recorder.takeSnapshot(second, health)
}
