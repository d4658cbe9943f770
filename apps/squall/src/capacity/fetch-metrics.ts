import type { FetchMetrics } from '@squall/controller'

/** A page of metrics longer than this is not one. */
const mostBytes = 8_388_608

/**
 * How the target's own metrics are asked for: at the address given, else at `/metrics` of the target's host.
 * @returns undefined where the target has no address, since its clients start it.
 */
export function fetchMetricsOf(target: string, metricsUrl: string | undefined): FetchMetrics | undefined {
  const url = metricsUrl ?? besideTarget(target)
  return url === undefined ? undefined : (signal) => fetchText(url, signal)
}

function besideTarget(target: string): string | undefined {
  const url = URL.parse(target)
  if (url === null || !/^(?:https?|wss?):$/.test(url.protocol)) return undefined
  return new URL('/metrics', `${url.protocol.replace('ws', 'http')}//${url.host}`).href
}

async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, redirect: 'error' })
  const isTooLong = Number(response.headers.get('content-length') ?? 0) > mostBytes
  if (!response.ok || isTooLong) {
    await response.body?.cancel()
    throw new Error(`${url} answers ${response.status}${isTooLong ? ' with too much' : ''}`)
  }
  return response.text()
}
