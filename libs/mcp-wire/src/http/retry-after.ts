/**
 * The pause a server asks for, in milliseconds; undefined where it does not ask, or not understandably.
 * Source: RFC 9110, section 10.2.3.
 * @param wallMs the time of day, for servers that name an instant.
 */
export function retryAfterMs(header: string | undefined, wallMs: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const instantMs = Date.parse(header)
  return Number.isNaN(instantMs) ? undefined : Math.max(0, instantMs - wallMs)
}
