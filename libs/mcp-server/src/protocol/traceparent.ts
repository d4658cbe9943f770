/** The trace a request says it belongs to in its own `_meta`, which beats a header: proxies may have made that one. */
export function traceparentOf(meta: unknown): string | undefined {
  const found = typeof meta === 'object' && meta !== null && 'traceparent' in meta ? meta.traceparent : undefined
  return typeof found === 'string' ? found : undefined
}
