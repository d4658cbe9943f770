import type { ExportedRun, ExportedSecond, NumbersExport } from './numbers-export.ts'
import { toOtlpBody } from './otlp-body.ts'

export interface OtlpSettings {
  readonly endpoint: URL
  /** Sent with every request: credentials of the collector. */
  readonly headers: Readonly<Record<string, string>>
  readonly squallVersion: string
}

/** A collector that is slower than this is given up for this time; the next second tries again. The end of a run waits for two at most. */
const timeoutMs = 700

/** Sends all numbers since T0 to an OpenTelemetry collector (OTLP/HTTP, JSON) once a second, and once more at the end. */
export function createOtlpExport(where: string, { endpoint, headers, squallVersion }: OtlpSettings): NumbersExport {
  const url = metricsUrl(endpoint)
  let run: ExportedRun | undefined
  const send = async (second: ExportedSecond): Promise<void> => {
    if (run === undefined) return
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(toOtlpBody(run, second, squallVersion)),
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`the collector answered with status ${response.status}`)
  }
  return {
    name: `otlp=${where}`,
    isCumulative: true,
    // Whether a collector is there shows with the first numbers; it may come up later than the run.
    start: async (started) => void (run = started),
    take: send,
    close: async () => undefined,
  }
}

/** An endpoint without a path of its own is a collector's base. */
function metricsUrl(endpoint: URL): URL {
  if (endpoint.pathname.endsWith('/v1/metrics')) return endpoint
  const url = new URL(endpoint)
  url.pathname = `${endpoint.pathname.replace(/\/$/, '')}/v1/metrics`
  return url
}
