/** W3C Trace Context: version, trace id, id of the caller's span, flags, and in later versions what nobody knows yet. */
const wellFormed = /^(?!ff|00-0{32}|00-[\da-f]{32}-0{16})[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}(?:$|-)/

/**
 * The trace a request says it belongs to; undefined where it says none, or nonsense.
 * @param meta its own `_meta`, which beats the header: proxies may have made that one.
 */
export function traceparentOf(meta: unknown, header?: string): string | undefined {
  const inMeta = typeof meta === 'object' && meta !== null && 'traceparent' in meta ? meta.traceparent : undefined
  const given = inMeta ?? header
  return typeof given === 'string' && wellFormed.test(given) ? given.slice(0, 55) : undefined
}
