const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const pattern = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|m|h|d|sec|secs|seconds?|mins?|minutes?|hours?)?\s*$/i

/** For messages. */
export const durationExpected = 'a duration such as 60, "60s", "1m" or "500ms"'

/**
 * Reads a duration as packs and options write it: a number counts seconds; text has a unit, or counts seconds too.
 * @returns milliseconds, or undefined where it is not a duration.
 */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value * 1000 : undefined
  if (typeof value !== 'string') return undefined
  const [, amount, unit = 's'] = pattern.exec(value) ?? []
  if (amount === undefined) return undefined
  const factor = unitMs[unit.toLowerCase()] ?? unitMs[unit.charAt(0).toLowerCase()] ?? 1000
  return Number(amount) * factor
}
